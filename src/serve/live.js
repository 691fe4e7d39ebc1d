// Live reload of `fingerpost serve`: follows the builds, brings the page up to date, shows what keeps a build back. The
// development server adds this script, after `morph.js`, to every page; a built site never contains it.

/**
 * @typedef {{ title: string, text: string }} Problem  what went wrong, with lines of source
 * @typedef {{ pages: string[] | null, files: string[] | null }} Changes  what came, went or changed; null: very many
 * @typedef {{ version: string, from: string, changes: Changes, problem: Problem | null }} State
 *   the site that is served now, and how it differs from the one before it
 */

const own = /** @type {HTMLScriptElement} */ (document.currentScript);
/** Version of the site that this page shows. */
let version = own.dataset.version ?? '';
/** The file that it was made from: not the one of its address where there is none. */
const file = own.dataset.file ?? '';
// Now: the scripts of the page run later, all but those in its head.
const mirror = new Mirror(document.documentElement);

// News

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

/** @type {State | null} News that came while this page was being brought up to date. */
let waiting = null;
let busy = false;

/** @param {State} state */
async function take(state) {
  waiting = state;
  if (busy) return;
  busy = true;
  while (waiting && !reloading) {
    const next = /** @type {State} */ (waiting);
    waiting = null;
    if (next.version !== version) await follow(next);
    if (next.version === version) showProblem(next.problem);
  }
  busy = false;
}

/** Brings the page up to date, by loading it again where nothing less is safe. @param {State} state */
async function follow(state) {
  try {
    // News was missed: the computer slept, or this is another run of the server.
    if (state.from !== version) throw new Unsafe('other builds lie between');
    const { pages, files } = state.changes;
    if (!files) throw new Unsafe('very many files changed');
    const uses = files.map(useOf);
    if (!pages || pages.includes(file) || pages.includes(fileOf(location.href))) mirror.take(await currentSource());
    for (const use of uses) use?.(state.version);
    version = state.version;
  } catch (reason) {
    reload(reason);
  }
}

/** The page as it is served now. Read by the browser as it reads any page, and nothing in it is run. */
function currentSource() {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', location.href.split('#')[0]);
    request.responseType = 'document';
    request.addEventListener('load', () => {
      const root = request.response?.documentElement;
      if (root) resolve(root);
      else reject(new Unsafe('the page is no page any more'));
    });
    request.addEventListener('error', () => reject(new Unsafe('the page could not be fetched')));
    request.send();
  });
}

/** The path of the file that an address leads to, or nothing. @param {string} address */
function fileOf(address) {
  try {
    const url = new URL(address, location.href);
    const path = decodeURIComponent(url.pathname).normalize('NFC');
    return url.origin === location.origin ? path.replace(/\/$/, '/index.html') : '';
  } catch {
    return '';
  }
}

/**
 * What to do about a changed file, other than a page: nothing where this page does not use it.
 * @param {string} path
 * @returns {((version: string) => void) | undefined}
 */
function useOf(path) {
  const sheets = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[rel~="stylesheet"]'));
  const own = [...sheets].filter((sheet) => fileOf(sheet.href) === path && !leaving.has(sheet));
  if (own.length) return (version) => own.forEach((sheet) => swapSheet(sheet, version));
  const pictures = [...document.images].filter((picture) => fileOf(picture.currentSrc || picture.src) === path);
  if (pictures.some((picture) => picture.srcset || picture.closest('picture'))) throw new Unsafe('a picture changed');
  if (pictures.length) {
    return (version) => pictures.forEach((picture) => (picture.src = `${picture.src.split('?')[0]}?${version}`));
  }
  const isScript = [...document.scripts].some((script) => script.src && fileOf(script.src) === path);
  if (isScript) throw new Unsafe('a script changed');
  const loads = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  // Data that a script has asked for is the script's affair.
  const isPart = (/** @type {string} */ kind) => kind !== 'fetch' && kind !== 'xmlhttprequest';
  const isLoaded = loads.some((load) => isPart(load.initiatorType) && fileOf(load.name) === path);
  if (isLoaded) throw new Unsafe('a part of the page changed');
}

/** Style sheets that go as soon as their successors have loaded. @type {WeakSet<Element>} */
const leaving = new WeakSet();

/**
 * Loads the new sheet first and takes the old one away then, so that the page is never without.
 * @param {HTMLLinkElement} old
 * @param {string} version
 */
function swapSheet(old, version) {
  leaving.add(old);
  const fresh = /** @type {HTMLLinkElement} */ (old.cloneNode());
  fresh.href = `${old.href.split('?')[0]}?${version}`;
  fresh.addEventListener('load', () => old.remove());
  fresh.addEventListener('error', () => old.remove());
  mirror.replace(old, fresh);
  old.after(fresh);
}

// Loading again

let reloading = false;
const scrollKey = 'fingerpost-scroll';

/** @param {unknown} reason */
function reload(reason) {
  if (reloading) return;
  reloading = true;
  console.info('fingerpost: loading the page again:', reason instanceof Unsafe ? reason.message : reason);
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
  // Closing gives the focus back to where it was.
  overlay?.shadowRoot?.querySelector('dialog')?.close();
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
