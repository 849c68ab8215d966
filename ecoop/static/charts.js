// Draw the pictures of this page from the JSON beside them, in the colours of the page.
"use strict";
(() => {
  Plotly.register({
    moduleType: "locale",
    name: "nl",
    dictionary: {},
    format: {
      days: ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"],
      shortDays: ["zo", "ma", "di", "wo", "do", "vr", "za"],
      months: ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
        "november", "december"],
      shortMonths: ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
      date: "%d-%m-%Y",
      decimal: ",",
      thousands: ".",
    },
  });
  const config = {
    responsive: true,
    displaylogo: false,
    displayModeBar: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    locale: document.documentElement.lang,
  };

  function dress(figure, narrow) {
    const style = getComputedStyle(document.body);
    const ink = style.getPropertyValue("--bs-body-color").trim();
    const rule = style.getPropertyValue("--bs-border-color").trim();
    const layout = structuredClone(figure.layout);
    layout.font = { family: style.fontFamily, size: 13, color: ink };
    layout.hoverlabel = { bgcolor: style.getPropertyValue("--bs-body-bg").trim(), font: { color: ink } };
    for (const axis of [layout.xaxis, layout.yaxis]) {
      axis.gridcolor = rule;
      axis.zerolinecolor = rule;
      axis.linecolor = rule;
    }
    if (narrow) {
      layout.margin = { ...layout.margin, l: Math.min(layout.margin.l, 52), r: 8 };
      layout.font.size = 12;
    }
    return layout;
  }

  // The deep colours of the palette drown on a dark page; these are their lighter sisters.
  const lighter = { "#0e5a6b": "#4fa6b9", "#c4511d": "#ec8b59", "#64748b": "#a3b1c2" };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paper = matchMedia("print"); // is always light

  function read(place) {
    let text = document.getElementById(place.dataset.chart).textContent;
    if (dark.matches && !paper.matches) {
      for (const [deep, light] of Object.entries(lighter)) text = text.replaceAll(deep, light);
    }
    return JSON.parse(text);
  }

  function draw(place) {
    const figure = read(place);
    const narrow = place.clientWidth < 500;
    return Plotly.react(place, figure.data, dress(figure, narrow), config).then(() => {
      place.dataset.ready = "true";
    });
  }

  const places = document.querySelectorAll("[data-chart]");
  for (const place of places) draw(place);
  for (const change of [dark, paper]) change.addEventListener("change", () => places.forEach(draw));
})();
