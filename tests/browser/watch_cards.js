// Looks at the section cards in every frame that is painted, and remembers what flickered.
// The record begins again with every document: window.watched.
(() => {
  const watched = {
    frames: 0,
    tops: [], // of the first card, each time it moved
    orders: [], // of the cards, each time it changed
    lost: [], // cards that had text and then none, or no height
    fallen: [], // cards that lost more than two lines of their height
    charts: 0, // how many elements the timeline was drawn into, one after another
    grown: {}, // when the text of a card last grew, and how often
    growing: (milliseconds) =>
      Object.keys(watched.grown).filter(
        (name) => performance.now() - watched.grown[name].at < milliseconds,
      ),
  };
  window.watched = watched;
  const seen = new Map();
  const heights = new Map();
  const TWO_LINES = 56;
  let chart = null;

  // Without the heading, which tells the state.
  const BODY = "[data-testid=stMarkdown] [data-testid=stMarkdownContainer] > :not(:has(> h3))";
  const textOf = (card) =>
    [...card.querySelectorAll(BODY)].map((part) => part.textContent).join("");

  const changed = (list, value) => {
    if (list.at(-1) !== value) list.push(value);
  };

  const look = () => {
    requestAnimationFrame(look);
    const cards = [...document.querySelectorAll("[class*='st-key-section-']")];
    if (cards.length === 0) return;
    watched.frames += 1;
    const names = cards.map((card) => /st-key-section-(\w+)/.exec(card.className)[1]);
    changed(watched.orders, names.join(" "));
    const scrolled = document.querySelector("[data-testid=stMain]").scrollTop;
    changed(watched.tops, Math.round(cards[0].getBoundingClientRect().top + scrolled));
    for (const name of seen.keys()) if (!names.includes(name)) watched.lost.push(`${name} is gone`);
    cards.forEach((card, index) => {
      const name = names[index];
      const length = textOf(card).length;
      const before = seen.get(name) ?? 0;
      if (before > 0 && length === 0) watched.lost.push(`${name} lost its text`);
      const height = card.getBoundingClientRect().height;
      if (height < 20) watched.lost.push(`${name} has no height`);
      const fell = (heights.get(name) ?? 0) - height;
      if (fell > TWO_LINES) watched.fallen.push(`${name}: ${Math.round(fell)} px`);
      heights.set(name, height);
      if (length > before) {
        const times = (watched.grown[name]?.times ?? 0) + 1;
        watched.grown[name] = { at: performance.now(), times };
      }
      seen.set(name, length);
    });
    const drawn = document.querySelector("[data-testid=stVegaLiteChart] :is(svg, canvas)");
    if (drawn && drawn !== chart) {
      chart = drawn;
      watched.charts += 1;
    }
  };
  requestAnimationFrame(look);
})();
