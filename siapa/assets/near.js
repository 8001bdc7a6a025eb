// "Nearest to me": asks the device once, and only when the visitor presses the button.
// The position is rounded to about a kilometre before it leaves the device.

const button = document.querySelector("[data-near]");
const note = document.querySelector(".form-note");

if (button && navigator.geolocation) {
  button.hidden = false;
  button.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const point = `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`;
        const there = new URL(button.dataset.near, location.href);
        there.searchParams.set("near", point);
        if (button.dataset.sort) there.searchParams.set("sort", button.dataset.sort);
        location.assign(there);
      },
      () => {
        note.textContent = button.dataset.refused;
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}
