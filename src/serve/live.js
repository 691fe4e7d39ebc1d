// Live reload of `fingerpost serve`: follows the builds, reloads the page, shows what keeps a build from being shown.
// The development server adds this script to every page; a built site never contains it.

/**
 * @typedef {{ title: string, text: string }} Problem  what went wrong, with lines of source
 * @typedef {{ version: string, problem: Problem | null }} State  the site that is served now
 */

(() => {
  'use strict';

  /** Version of the site that this page belongs to. */
  const version = document.currentScript?.dataset.version;
  const scrollKey = 'fingerpost-scroll';

  // One stream of events for all pages of this browser: HTTP/1.1 allows six connections to a server, and six open pages
  // with a stream each would leave none. The page that holds the lock has the stream and tells the others.
  const others = new BroadcastChannel('fingerpost');
  /** @type {State | null} The latest state, where this page has the stream. */
  let latest = null;

  others.addEventListener('message', ({ data }) => {
    if (data !== 'ask') take(data);
    else if (latest) others.postMessage(latest);
  });

  function openStream() {
    const stream = new EventSource('/__fingerpost/events');
    stream.addEventListener('message', ({ data }) => {
      latest = /** @type {State} */ (JSON.parse(data));
      others.postMessage(latest);
      take(latest);
    });
  }

  if (navigator.locks) {
    // The lock is kept until the page goes; then the next page in line opens the stream.
    navigator.locks.request('fingerpost-stream', () => {
      openStream();
      return new Promise(() => {});
    });
  } else {
    openStream(); // Locks are missing where the address is neither local nor encrypted.
  }

  // What happened before this page listened, while it slept, or before it was shown again from the browser's memory.
  const ask = () => {
    if (latest) take(latest);
    else others.postMessage('ask');
  };
  ask();
  addEventListener('pageshow', (event) => event.persisted && ask());
  document.addEventListener('visibilitychange', () => document.hidden || ask());

  /** @param {State} state */
  function take(state) {
    if (state.version !== version) reload();
    else showProblem(state.problem);
  }

  // Scroll

  let reloading = false;

  function reload() {
    if (reloading) return;
    reloading = true;
    sessionStorage.setItem(scrollKey, JSON.stringify({ path: location.pathname, left: scrollX, top: scrollY }));
    location.reload();
  }

  function restoreScroll() {
    const kept = JSON.parse(sessionStorage.getItem(scrollKey) ?? 'null');
    sessionStorage.removeItem(scrollKey);
    if (kept?.path !== location.pathname) return;
    const restore = () => scrollTo({ left: kept.left, top: kept.top, behavior: 'instant' });
    restore();
    // Pictures may have moved the text, and the browser may have gone to the address's anchor.
    addEventListener('load', restore, { once: true });
  }

  restoreScroll();

  // Overlay

  const styles = new CSSStyleSheet();
  styles.replaceSync(`
    :host { all: initial }
    @media print { :host { display: none } }
    dialog {
      box-sizing: border-box; inline-size: min(72rem, calc(100vw - 2rem)); max-block-size: calc(100vh - 2rem);
      padding: 1.25rem 1.5rem; border: 1px solid #8a3030; border-block-start-width: 4px; border-radius: 6px;
      color: #f3eeee; background: #1d1717; font: 16px/1.5 system-ui, sans-serif; overflow: auto;
    }
    dialog::backdrop { background: rgb(0 0 0 / 50%) }
    h2 { margin: 0 0 .75rem; font-size: 1.125rem; color: #ff9d94 }
    pre { margin: 0; overflow: auto; font: 14px/1.5 ui-monospace, monospace; tab-size: 4 }
    p { margin: 1rem 0 0; color: #c9bfbf; font-size: .875rem }
    button {
      float: inline-end; padding: .25rem .75rem; border: 1px solid #6b5555; border-radius: 4px;
      color: inherit; background: none; font: inherit; font-size: .875rem; cursor: pointer;
    }
    :focus-visible { outline: 2px solid #ff9d94; outline-offset: 2px }
  `);

  /** @type {HTMLElement | null} */
  let overlay = null;
  /** The text that was shown last, and stays away once the reader has closed it. */
  let shownText = '';

  /** @param {Problem | null} problem */
  function showProblem(problem) {
    const text = problem?.text ?? '';
    if (text === shownText) return;
    shownText = text;
    overlay?.remove();
    overlay = problem && overlayOf(problem);
    if (!overlay) return;
    document.body.append(overlay);
    overlay.shadowRoot?.querySelector('dialog')?.showModal();
  }

  /** @param {Problem} problem */
  function overlayOf(problem) {
    const host = document.createElement('fingerpost-problem');
    host.lang = 'en';
    host.dir = 'ltr';
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-labelledby', 'title');
    dialog.addEventListener('close', () => host.remove());
    const button = element('button', 'Close');
    button.addEventListener('click', () => dialog.close());
    const title = element('h2', problem.title);
    title.id = 'title';
    title.setAttribute('role', 'alert');
    const text = element('pre', problem.text);
    text.tabIndex = 0; // Long lines are scrolled by keyboard too.
    const hint = element('p', 'Behind this is the last good page. It goes away with the next build that succeeds.');
    dialog.append(button, title, text, hint);
    const root = host.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [styles];
    root.append(dialog);
    return host;
  }

  /**
   * Text goes in as text and never as markup: it quotes the site's sources.
   * @param {string} name
   * @param {string} text
   */
  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }
})();
