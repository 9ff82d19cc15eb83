// Keeps when the text of each section card changed, as letters alone: window.shown.
(() => {
  window.shown = []; // [milliseconds since 1970, section, letters]
  const last = new Map();
  // Without the heading, which tells the state.
  const BODY = "[data-testid=stMarkdown] [data-testid=stMarkdownContainer] > :not(:has(> h3))";
  const KEY = "[data-testid=stExpander]"; // folded, and no part of the text
  let due = false;

  const look = () => {
    due = false;
    const now = Date.now();
    for (const card of document.querySelectorAll("[class*='st-key-section-']")) {
      const name = /st-key-section-(\w+)/.exec(card.className)[1];
      const parts = [...card.querySelectorAll(BODY)].filter((part) => !part.closest(KEY));
      const text = parts.map((part) => part.textContent).join("");
      const letters = text.replace(/[^\p{L}]/gu, "");
      if (last.get(name) === letters) continue;
      last.set(name, letters);
      window.shown.push([now, name, letters]);
    }
  };

  // In the frame that paints the change, not before.
  new MutationObserver(() => {
    if (!due) requestAnimationFrame(look);
    due = true;
  }).observe(document, { subtree: true, childList: true, characterData: true });
})();
