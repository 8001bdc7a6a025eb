// Opens the console on our own description of the API.
window.SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#console",
  deepLinking: true,
  validatorUrl: null,
});
