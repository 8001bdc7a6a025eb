// Filters stand open where there is room, for browsers whose style sheets cannot say so.

const filters = document.querySelector("details.filters");
const wide = matchMedia("(min-width: 60rem)");
const settle = () => {
  if (filters) filters.open = wide.matches;
};
settle();
wide.addEventListener("change", settle);
