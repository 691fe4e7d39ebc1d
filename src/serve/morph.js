// Changes an open page into its new version and leaves alone whatever its author did not change: where the reader is,
// what has the focus, what is selected, opened or typed. Of the development server; a built site never contains it.
//
// Three trees take part: the source as this page was parsed, the new source, and the page as readers and scripts have
// made it since. What differs between the two sources is done to the page. A change is planned as a whole before any of
// it is done, and what cannot be done safely is not begun: then the page is loaded again.

/** Why a page must be loaded again; the text is for the console. */
class Unsafe extends Error {}

/** Pairs of children that are compared for the longest run of equal ones; more would take longer than a new page. */
const pairsMax = 4_000_000;

/** Parts that run, or that hold what cannot be carried over: they do not come, go or change without a new page. */
const living =
  'script, style, link, base, template, iframe, frame, object, embed, form, input, select, textarea, button, canvas, ' +
  'video, audio, dialog, [popover], [contenteditable]';

/** @param {Element} element */
const lives = (element) => element.matches(living) || element.localName.includes('-');

/** The address by which the server's own script is known in a page. */
const ownScript = 'script[data-version][src^="/__fingerpost/"]';

/** A page's source and, for each of its nodes, the node of the page that was made from it. */
class Mirror {
  /** Must be made before any script has changed the page. @param {Element} root */
  constructor(root) {
    this.source = /** @type {Element} */ (root.cloneNode(true));
    /** @type {Map<Node, Node>} */
    this.live = new Map();
    pair(this.source, root, this.live);
    tidy(this.source);
  }

  /**
   * Changes the page into `next`, the root of a newly parsed one.
   * @param {Element} next
   * @throws {Unsafe} and then nothing has changed
   */
  take(next) {
    tidy(next);
    const steps = new Plan(this).of(next);
    for (const step of steps) step();
  }

  /** The node of the page that stands for one of the source. @param {Node} node */
  of(node) {
    const live = this.live.get(node);
    if (!live?.isConnected) throw new Unsafe('a script has taken away a part that changed');
    return live;
  }

  /** The same, while it stands in the part that it stood in. @param {Node} node */
  inPlace(node) {
    const live = this.of(node);
    if (live.parentNode !== this.live.get(/** @type {Node} */ (node.parentNode))) {
      throw new Unsafe('a script has moved a part beside which something changed');
    }
    return /** @type {ChildNode} */ (live);
  }

  /** Another node of the page takes the place of one. @param {Node} old @param {Node} fresh */
  replace(old, fresh) {
    for (const [source, live] of this.live) if (live === old) this.live.set(source, fresh);
  }
}

/**
 * Notes which node of a tree belongs to which of its copy.
 * @param {Node} one
 * @param {Node} other
 * @param {Map<Node, Node>} pairs
 */
function pair(one, other, pairs) {
  const [left, right] = [one, other].map((tree) => document.createTreeWalker(tree));
  do pairs.set(left.currentNode, right.currentNode);
  while (left.nextNode() && right.nextNode());
}

/** Takes away what differs between two readings of one file. @param {Element} root */
function tidy(root) {
  for (const own of root.querySelectorAll(ownScript)) own.remove();
  // Markup to a reader without scripts, text to one with them, and shown to neither here.
  for (const unseen of root.querySelectorAll('noscript')) unseen.replaceChildren();
  const body = root.querySelector('body');
  while (body?.lastChild?.nodeType === Node.TEXT_NODE && !body.lastChild.textContent?.trim()) body.lastChild.remove();
}

/** The steps from one source to the next. */
class Plan {
  /** @param {Mirror} mirror */
  constructor(mirror) {
    this.mirror = mirror;
    /** @type {(() => void)[]} */
    this.steps = [];
    /** @type {Set<string> | null} */
    this.touched = null;
    /** New nodes that have been put in, and what stands for them in the old source. @type {Map<Node, Node>} */
    this.placed = new Map();
  }

  /** @param {Element} next */
  of(next) {
    const { source } = this.mirror;
    for (const name of ['lang', 'dir']) this.attribute(source, next, name);
    this.head(part(source, 'head'), part(next, 'head'));
    const [known, wanted] = [part(source, 'body'), part(next, 'body')];
    if (!sameAttributes(known, wanted)) throw new Unsafe('the page has another template');
    const [from, to] = [known, wanted].map((body) => body.querySelectorAll('main').length);
    if (from !== to) throw new Unsafe('there is another main part');
    // What is in a template is not among the nodes of the page, and is not compared with them.
    const [old, fresh] = [known, wanted].map((body) =>
      [...body.querySelectorAll('template')].map((template) => template.innerHTML).join('\n'),
    );
    if (old !== fresh) throw new Unsafe('a `template` changed');
    this.children(known, wanted, false);
    return this.steps;
  }

  // Head

  /** @param {Element} known @param {Element} wanted */
  head(known, wanted) {
    const running = (/** @type {Element} */ head) =>
      [...head.children].filter((child) => child.matches('script, style, base, meta[http-equiv]') && !isData(child));
    if (!sameNodes(running(known), running(wanted))) throw new Unsafe('scripts or rules of the page changed');
    const sheets = (/** @type {Element} */ head) => [...head.querySelectorAll('link[rel~="stylesheet"]')];
    if (!sameNodes(sheets(known), sheets(wanted))) throw new Unsafe('there are other style sheets');
    const telling = 'title, meta:not([http-equiv]), link:not([rel~="stylesheet"])';
    const told = (/** @type {Element} */ head) => [...head.children].filter((child) => child.matches(telling));
    const [before, after] = [told(known), told(wanted)];
    for (const child of before) {
      if (child.localName === 'title' || after.some((other) => other.isEqualNode(child))) continue;
      const live = /** @type {Element} */ (this.mirror.of(child));
      this.steps.push(() => (live.remove(), child.remove()));
    }
    for (const child of after) {
      if (child.localName === 'title' || before.some((other) => other.isEqualNode(child))) continue;
      this.steps.push(() => this.put(child, known, null));
    }
    const [title, newTitle] = [known, wanted].map((head) => head.querySelector('title'));
    if (title?.textContent !== newTitle?.textContent) {
      this.steps.push(() => {
        document.title = newTitle?.textContent ?? '';
        if (title) title.textContent = newTitle?.textContent ?? '';
      });
    }
  }

  // Body

  /**
   * @param {Element} known
   * @param {Element} wanted
   * @param {boolean} inside  whether parts may come and go here: inside the main part
   */
  element(known, wanted, inside) {
    if (known.isEqualNode(wanted)) return;
    if (lives(known) || lives(wanted)) throw new Unsafe(`a \`${known.localName}\` changed`);
    const names = [known, wanted].flatMap((element) => element.getAttributeNames());
    for (const name of new Set(names)) this.attribute(known, wanted, name);
    this.children(known, wanted, inside || known.localName === 'main');
  }

  /** @param {Element} known @param {Element} wanted @param {string} name */
  attribute(known, wanted, name) {
    const [old, fresh] = [known.getAttribute(name), wanted.getAttribute(name)];
    if (old === fresh) return;
    if (name.startsWith('on')) throw new Unsafe(`\`${name}\` changed`);
    const live = /** @type {Element} */ (this.mirror.of(known));
    const now = live.getAttribute(name);
    // What the reader opened stays open.
    if (now !== old && name === 'open') return;
    if (now !== old) throw new Unsafe(`a script changed \`${name}\``);
    this.steps.push(() => {
      for (const element of [live, known]) {
        if (fresh === null) element.removeAttribute(name);
        else element.setAttribute(name, fresh);
      }
    });
  }

  /** @param {Element} known @param {Element} wanted @param {boolean} inside */
  children(known, wanted, inside) {
    const [before, after] = [[...known.childNodes], [...wanted.childNodes]];
    const matches = matched(before, after);
    const kept = new Set(matches.values());
    for (const child of before) if (!kept.has(child)) this.remove(child, inside);
    // From the end, so that the node a new one stands before is there already.
    /** @type {Node | null} */
    let next = null;
    for (const child of after.reverse()) {
      const match = matches.get(child);
      if (!match) {
        this.insert(child, known, next, inside);
        next = child;
        continue;
      }
      if (match instanceof Element) this.element(match, /** @type {Element} */ (child), inside);
      else this.text(match, child);
      next = match;
    }
  }

  /** @param {Node} known @param {Node} wanted */
  text(known, wanted) {
    const [old, fresh] = [known.nodeValue ?? '', wanted.nodeValue ?? ''];
    if (old === fresh) return;
    const live = /** @type {CharacterData} */ (this.mirror.of(known));
    if (live.data !== old) throw new Unsafe('a script changed a text that changed');
    const limit = Math.min(old.length, fresh.length);
    let start = 0;
    while (start < limit && old[start] === fresh[start]) start++;
    let end = 0;
    while (end < limit - start && old.at(-1 - end) === fresh.at(-1 - end)) end++;
    this.steps.push(() => {
      // Only the part that differs, so that a selection around it stays.
      live.replaceData(start, old.length - start - end, fresh.slice(start, fresh.length - end));
      known.nodeValue = fresh;
    });
  }

  /** @param {Node} node @param {boolean} inside */
  remove(node, inside) {
    this.mayComeOrGo(node, node.parentElement, inside);
    const live = this.mirror.inPlace(node);
    this.steps.push(() => {
      live.remove();
      /** @type {ChildNode} */ (node).remove();
    });
  }

  /**
   * @param {Node} node  of the new source
   * @param {Element} parent  of the old source
   * @param {Node | null} before  the sibling it is put before: of the old source, or new and put in earlier
   * @param {boolean} inside
   */
  insert(node, parent, before, inside) {
    this.mayComeOrGo(node, parent, inside);
    this.mirror.of(parent);
    if (before?.parentNode === parent) this.mirror.inPlace(before);
    this.steps.push(() => this.put(node, parent, before));
  }

  /** @param {Node} node @param {Element} parent @param {Node | null} before */
  put(node, parent, before) {
    const [own, live] = [document.importNode(node, true), document.importNode(node, true)];
    pair(own, live, this.mirror.live);
    this.placed.set(node, own);
    const place = before && (this.placed.get(before) ?? before);
    parent.insertBefore(own, place);
    const liveParent = /** @type {Element} */ (this.mirror.live.get(parent));
    const last = own.previousSibling && this.mirror.live.get(own.previousSibling);
    if (place) liveParent.insertBefore(live, this.mirror.live.get(place) ?? null);
    // What scripts have put behind the last child stays behind it.
    else if (last?.parentNode === liveParent) /** @type {ChildNode} */ (last).after(live);
    else liveParent.append(live);
  }

  /** @param {Node} node @param {Element | null} above  what it stands in, in the old source @param {boolean} inside */
  mayComeOrGo(node, above, inside) {
    if (!(node instanceof Element)) {
      if (!inside && node.textContent?.trim()) throw new Unsafe('text outside the main part came or went');
      return;
    }
    if (!inside) throw new Unsafe(`a \`${node.localName}\` outside the main part came or went`);
    this.touched ??= touchedSorts(this.mirror);
    for (const element of [node, ...node.querySelectorAll('*')]) {
      if (lives(element)) throw new Unsafe(`a \`${element.localName}\` came or went`);
      if (this.touched.has(sortOf(element, node, above))) {
        throw new Unsafe(`a \`${element.localName}\` came or went, and scripts work on others like it`);
      }
    }
  }
}

/** @param {Element} root @param {string} name */
function part(root, name) {
  const found = root.querySelector(`:scope > ${name}`);
  if (!found) throw new Unsafe(`there is no ${name}`);
  return found;
}

/** Whether a script holds data and does not run. @param {Element} element */
const isData = (element) => element.localName === 'script' && /json/.test(element.getAttribute('type') ?? '');

/** @param {Element[]} one @param {Element[]} other */
const sameNodes = (one, other) => one.length === other.length && one.every((node, at) => node.isEqualNode(other[at]));

/** @param {Element} one @param {Element} other */
const sameAttributes = (one, other) => one.cloneNode(false).isEqualNode(other.cloneNode(false));

/**
 * What sort an element is of: its name and classes, under the nearest element with classes.
 * @param {Element} element
 * @param {Element | null} top  the highest element above it in its own tree that counts
 * @param {Element | null} above  what stands over that one
 */
function sortOf(element, top, above) {
  const parts = [];
  for (let at = /** @type {Element | null} */ (element); at; at = at === top ? above : at.parentElement) {
    const classes = at.getAttribute('class') ?? '';
    parts.push(`${at.localName}.${classes}`);
    if (classes) break;
  }
  return parts.join(' ');
}

/** The sorts of elements that scripts have changed since the page was parsed. @param {Mirror} mirror */
function touchedSorts(mirror) {
  const sorts = new Set();
  const walk = document.createTreeWalker(mirror.source, NodeFilter.SHOW_ELEMENT);
  for (let source = /** @type {Node | null} */ (mirror.source); source; source = walk.nextNode()) {
    const [own, live] = [source, mirror.live.get(source)].map((node) => /** @type {Element} */ (node));
    if (own.childNodes.length !== live.childNodes.length || !sameAttributes(own, live)) {
      sorts.add(sortOf(own, null, null));
    }
  }
  return sorts;
}

/**
 * Which new child is made from which old one: the longest run of equal ones, and between those, what is alike.
 * @param {Node[]} before
 * @param {Node[]} after
 * @returns {Map<Node, Node>}
 */
function matched(before, after) {
  /** @type {Map<Node, Node>} */
  const matches = new Map();
  let start = 0;
  let [oldEnd, newEnd] = [before.length, after.length];
  const equal = (/** @type {number} */ old, /** @type {number} */ fresh) => before[old].isEqualNode(after[fresh]);
  while (start < Math.min(oldEnd, newEnd) && equal(start, start)) matches.set(after[start], before[start++]);
  while (oldEnd > start && newEnd > start && equal(oldEnd - 1, newEnd - 1)) {
    matches.set(after[--newEnd], before[--oldEnd]);
  }
  const [olds, news] = [before.slice(start, oldEnd), after.slice(start, newEnd)];
  if (olds.length * news.length > pairsMax) throw new Unsafe('too much changed');
  const numbers = new Map();
  const numbered = (/** @type {Node} */ node) => {
    const text = node instanceof Element ? node.outerHTML : `${node.nodeType} ${node.nodeValue}`;
    if (!numbers.has(text)) numbers.set(text, numbers.size);
    return numbers.get(text);
  };
  const [oldNumbers, newNumbers] = [olds.map(numbered), news.map(numbered)];
  let [from, to] = [0, 0];
  for (const [old, fresh] of [...longestRun(oldNumbers, newNumbers), [olds.length, news.length]]) {
    for (; to < fresh; to++) {
      const like = olds.slice(from, old).findIndex((node) => isLike(node, news[to]));
      if (like < 0) continue;
      matches.set(news[to], olds[from + like]);
      from += like + 1;
    }
    if (old < olds.length) matches.set(news[fresh], olds[old]);
    [from, to] = [old + 1, fresh + 1];
  }
  return matches;
}

/** Whether one node can be changed into another. @param {Node} one @param {Node} other */
function isLike(one, other) {
  if (one.nodeType !== other.nodeType || one.nodeName !== other.nodeName) return false;
  if (!(one instanceof Element && other instanceof Element)) return one.nodeType === Node.TEXT_NODE;
  return one.id === other.id || /^h[1-6]$/.test(one.localName);
}

/**
 * The positions of a longest common subsequence.
 * @param {number[]} one
 * @param {number[]} other
 * @returns {[number, number][]}
 */
function longestRun(one, other) {
  const width = other.length + 1;
  const lengths = new Uint32Array((one.length + 1) * width);
  for (let left = one.length - 1; left >= 0; left--) {
    for (let right = other.length - 1; right >= 0; right--) {
      const at = left * width + right;
      lengths[at] =
        one[left] === other[right] ? lengths[at + width + 1] + 1 : Math.max(lengths[at + width], lengths[at + 1]);
    }
  }
  /** @type {[number, number][]} */
  const run = [];
  for (let left = 0, right = 0; left < one.length && right < other.length; ) {
    const at = left * width + right;
    if (one[left] === other[right]) run.push([left++, right++]);
    else if (lengths[at + width] >= lengths[at + 1]) left++;
    else right++;
  }
  return run;
}
