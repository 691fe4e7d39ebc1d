// What the reader sees of the search: a palette over any page, and the page for searching. Both ask search/engine.js.
// `language` is the primary tag of the language that is searched, where that is not the site's.
// `frame` is the palette's dialog, its box and what shows them; it may be open and in use already.
globalThis.fingerpostPalette = ({ home, index, language, store, frame: { dialog, input, show: showFrame } }) => {
  const { createSearch } = globalThis.fingerpostSearch;
  let search = createSearch(index);

  /** An element with properties, attributes (names with a dash, and `role`) and children. */
  const h = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (value === undefined || value === null) continue;
      if (key.includes("-") || key === "role" || key === "for") element.setAttribute(key, value);
      else element[key] = value;
    }
    element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
    return element;
  };
  const marked = (parts) => parts.map(([text, hit]) => (hit ? h("mark", {}, text) : text));
  const icon = (name) => h("span", { className: `icon icon-${name}`, "aria-hidden": "true" });
  const url = (path, anchor = "") => {
    const [page, hash = anchor] = path.split("#");
    const file = location.protocol === "file:" && (page === "" || page.endsWith("/")) ? `${page}index.html` : page;
    return `${home}${file}${hash ? `#${hash}` : ""}`;
  };
  const searchUrl = (query) => {
    const asked = [query && `q=${encodeURIComponent(query)}`, language && `lang=${language}`].filter(Boolean).join("&");
    return url("search/") + (asked && `?${asked}`);
  };
  /** How many results come first. On a very large site nearly each is in a file of its own. */
  const first = async (usual) => ((await search.open()).b ? 5 : usual);
  const quoted = (words) => words.map((word) => `“${word}”`).join(", ");
  const pages = (count) => (count === 1 ? "1 page" : `${count.toLocaleString("en")} pages`);

  /** How many pages have a phrase, and how many were not looked at for it. */
  const inOrder = ({ all, left, atLeast }) => {
    const none = left.length ? "No page so far" : atLeast ? "None of the pages that were looked at" : "No page";
    const found = `${all ? pages(all) : none} ${all > 1 ? "have" : "has"} these words in this order`;
    if (!left.length) return found;
    return `${found}; ${atLeast ? "at least " : ""}${pages(left.length)} with the words ${left.length > 1 ? "were" : "was"} not looked at yet`;
  };
  /** In one sentence, how many pages there are. */
  const tally = (answer) => {
    const words = answer.groups.filter(({ extra }) => !extra).length;
    if (answer.noTopic) return `There is no topic “${answer.topic}”`;
    if (answer.noKind) return `There is no kind “${answer.kind}”`;
    if (answer.left) return inOrder(answer);
    if (answer.some === 0) return "No page found";
    if (words === 0) return pages(answer.all);
    if (answer.atLeast) return `At least ${pages(Math.max(answer.all, 1))} found`;
    if (answer.all === answer.some || words === 1) return `${pages(answer.some)} found`;
    if (answer.all === 0) return `No page has all words; ${pages(answer.some)} ${answer.some === 1 ? "has" : "have"} some`;
    return `${pages(answer.all)} ${answer.all === 1 ? "has" : "have"} all words, ${(answer.some - answer.all).toLocaleString("en")} more some of them`;
  };
  /** What was not found, and what is shown in its place. */
  const notes = (answer, ask) => {
    const list = [];
    if (answer.corrected.length) {
      list.push(h("p", { className: "search-note" }, `No page has ${quoted(answer.corrected.map(([from]) => from))}; showing ${quoted(answer.corrected.map(([, to]) => to))}. `,
        answer.suggestion && h("button", { type: "button", className: "search-suggestion", onclick: () => ask(answer.suggestion) }, "Search for ", h("b", {}, answer.suggestion))));
    }
    const unasked = answer.asked.words.filter((asked) => !answer.groups.some(({ word }) => word === asked));
    if (unasked.length) list.push(h("p", { className: "search-note" }, `Looked for the longest words of the question, not for ${quoted(unasked)}.`));
    if (answer.missing.length && answer.some > 0) list.push(h("p", { className: "search-note" }, `No page has ${quoted(answer.missing)}.`));
    return list;
  };
  /** Keeps the words of an answer for the page that is opened from it. */
  const keepWords = (answer, path) => {
    const words = answer.groups.filter(({ common }, _, all) => !common || all.every((group) => group.common))
      .flatMap(({ terms }) => terms.slice(0, 8).flatMap(({ entry }) => entry.words)).slice(0, 80);
    store(sessionStorage, "fingerpost-words", { path: path.replace(/#.*$/, ""), words });
  };
  const failure = (error, again) => h("div", { className: "search-failure", role: "alert" },
    h("p", {}, "The search index could not be read: ", error.message, "."),
    h("p", {}, h("button", { type: "button", className: "search-suggestion", onclick: again }, "Try again"), " or ",
      h("a", { href: searchUrl("") }, "look through everything from A to Z"), "."));
  const answerBody = (answer, found) => [
    found.type === "calculator" ? h("span", { className: "search-line" }, icon("calculator"), h("b", {}, ...marked(search.mark(answer, found.title))))
      : h("b", { className: found.value.length > 24 ? "search-value search-words" : "search-value" }, found.value, found.at ? h("small", {}, ` in ${found.at}`) : null),
    h("span", { className: "search-statement" }, ...(found.type === "calculator" ? [found.value] : marked(search.mark(answer, found.title)))),
    found.detail || found.source ? h("small", { className: "search-detail" }, [found.detail, found.source].filter(Boolean).join(" · ")) : null,
  ];

  // The palette ---------------------------------------------------------------------------------------------------------

  let list, status, foot, single, options = [], chosen = -1, moved = false, turn = 0, timer;

  const choose = (at) => {
    options[chosen]?.setAttribute("aria-selected", "false");
    chosen = options.length ? (at + options.length) % options.length : -1;
    const option = options[chosen];
    option?.setAttribute("aria-selected", "true");
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  /** Chooses an option that may be out of sight. */
  const reach = (at) => {
    choose(at);
    options[chosen]?.scrollIntoView({ block: "nearest" });
  };
  /** Takes up the options that stand in the list by now; the chosen one stays. */
  const collect = () => {
    options = [...list.querySelectorAll("[role=option]")];
    options.forEach((option, at) => { option.id = `search-option-${at}`; });
    input.setAttribute("aria-expanded", String(options.length > 0));
  };
  const show = (children) => {
    list.replaceChildren(...children);
    // To ask where a list stands makes the browser lay it out: only one that was moved is asked.
    if (moved) list.scrollTop = 0;
    moved = false;
    collect();
    choose(0);
  };
  const option = (properties, ...children) =>
    h("a", { role: "option", "aria-selected": "false", tabIndex: -1, className: "search-option", ...properties }, ...children);
  let groupNumber = 0;
  const group = (label, sign, children) => {
    const id = `search-group-${groupNumber++}`;
    return h("div", { role: "group", "aria-labelledby": id, className: "search-group" },
      h("div", { id, role: "presentation", className: "search-label" }, sign && icon(sign), label), ...children);
  };
  const listing = (...children) => h("div", { id: "search-list", role: "listbox", "aria-label": "Results" }, ...children);

  const showEmpty = () => {
    single.hidden = false;
    const recent = (store(localStorage, "fingerpost-recent") ?? []).filter(({ path }) => url(path) !== location.href.replace(/[?#].*$/, ""));
    const sections = [...document.querySelectorAll(".guide-kind")].map((link) =>
      option({ href: link.href }, h("span", { className: "search-line" }, h("span", { className: "search-title" }, link.textContent))));
    show([listing(
      recent.length ? group("Read lately", null, recent.slice(0, 5).map(({ title, path }) =>
        option({ href: url(path) }, h("span", { className: "search-title" }, title)))) : null,
      sections.length ? group("Sections", null, sections) : null,
    )]);
    status.textContent = "";
    if (recent.length) {
      list.append(h("p", { className: "search-note" }, h("button", { type: "button", className: "search-suggestion", onclick: () => {
        store(localStorage, "fingerpost-recent", []);
        showEmpty();
        input.focus();
      } }, "Forget these pages"), " They are kept in this browser only."));
    }
  };

  const resultOption = (answer, result) => {
    const lead = h("span", { className: "search-lead" }, ...marked(search.mark(answer, result.lead)));
    const element = option({ href: url(result.url), lang: language },
      h("span", { className: "search-title" }, ...marked(search.mark(answer, result.title))), lead);
    element.addEventListener("click", () => keepWords(answer, result.url));
    return { element, lead, result };
  };

  const showAnswer = (answer) => {
    const shown = answer.results.map((result) => resultOption(answer, result));
    single.hidden = true;
    const groups = new Map();
    for (const entry of shown) {
      const { kind } = entry.result;
      if (!groups.has(kind.id)) groups.set(kind.id, { kind, entries: [] });
      groups.get(kind.id).entries.push(entry.element);
    }
    const answers = (label, isOne) => {
      const list = answer.answers.slice(0, 2).filter(isOne).map((found) => option({ href: url(found.url), className: "search-option search-answer" }, ...answerBody(answer, found)));
      return list.length ? group(label, null, list) : null;
    };
    const children = [
      ...notes(answer, (query) => { input.value = query; input.focus(); ask(); }),
    ];
    const boxes = [
      answers("Work it out", ({ type }) => type === "calculator"),
      answers("Facts", ({ type }) => type === "fact"),
      ...[...groups.values()].map(({ kind, entries }) => group(kind.plural, kind.icon, entries)),
    ].filter(Boolean);
    if (boxes.length) children.push(listing(...boxes));
    else {
      children.push(h("p", { className: "search-nothing" }, answer.missing.length ? `No page has ${quoted(answer.missing)}, and no word is close to it.` : `${tally(answer)}.`),
        h("p", { className: "search-note" }, "Try a shorter word, or ", h("a", { href: searchUrl("") }, "look through everything from A to Z"), "."));
    }
    show(children);
    status.textContent = tally(answer);
    foot.all.href = searchUrl(answer.query);
    foot.all.textContent = answer.left?.length ? "Look through more pages" : answer.some > answer.results.length ? `All ${answer.some.toLocaleString("en")} results` : "Open as a page";
    return shown;
  };

  /** Says that few pages have all words, and puts pages below that are near the ones above in the graph. */
  const showNear = (related) => {
    if (!related.length) return;
    document.getElementById("search-list").append(group("Few pages have all these words. Related to the ones above:", null, related.map((result) =>
      option({ href: url(result.url), lang: language }, h("span", { className: "search-title" }, result.title), h("span", { className: "search-lead" }, result.lead)))));
    collect();
  };

  const ask = () => {
    const query = input.value;
    const mine = ++turn;
    clearTimeout(timer);
    if (!query.trim()) { showEmpty(); foot.all.href = searchUrl(""); foot.all.textContent = "Search page"; return; }
    first(8).then((limit) => search.find(query, { limit, typing: true })).then((answer) => {
      if (mine !== turn) return;
      const shown = showAnswer(answer);
      // Texts are larger than titles: they come when the reader stops to look.
      timer = setTimeout(() => {
        for (const { element, lead, result } of shown) search.excerpt(answer, result).then((excerpt) => {
          if (mine !== turn || !excerpt.parts.some(([, hit]) => hit)) return;
          lead.replaceChildren(...(excerpt.title ? [h("span", { className: "search-in" }, excerpt.title), " "] : []), ...marked(excerpt.parts));
          element.href = url(result.url, excerpt.anchor);
        }, () => { /* The lead stays. */ });
        search.near(answer).then((related) => { if (mine === turn) showNear(related); }, () => { /* The results stand by themselves. */ });
      }, 250);
    }, (error) => {
      if (mine !== turn) return;
      show([failure(error, () => { input.focus(); ask(); })]);
      status.textContent = "";
    });
  };

  const build = () => {
    input.setAttribute("aria-controls", "search-list");
    list = h("div", { className: "search-body", onscroll: () => { moved = true; } });
    status = h("p", { className: "search-count", role: "status" });
    const box = h("input", { type: "checkbox", checked: store(localStorage, "fingerpost-keys") !== "off" });
    box.addEventListener("change", () => store(localStorage, "fingerpost-keys", box.checked ? "on" : "off"));
    single = h("label", { className: "search-keys" }, box, " ", h("kbd", {}, "/"), " opens this");
    foot = { all: h("a", { href: searchUrl("") }, "Search page") };
    dialog.append(list,
      h("div", { className: "search-foot" }, status,
        h("span", { className: "search-keys", "aria-hidden": "true" }, h("kbd", {}, "↑"), h("kbd", {}, "↓"), " choose ", h("kbd", {}, "↵"), " open"),
        single,
        foot.all));
    input.addEventListener("input", ask);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        reach(chosen + (event.key === "ArrowDown" ? 1 : -1));
      } else if (event.key === "Enter" && options[chosen]) {
        event.preventDefault();
        const target = options[chosen];
        target.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey }));
      }
    });
    list.addEventListener("pointermove", ({ target }) => {
      const at = options.indexOf(target.closest("[role=option]"));
      if (at >= 0 && at !== chosen) choose(at);
    });
    // Opening a result on this very page only moves it: the palette gets out of the way.
    list.addEventListener("click", (event) => { if (event.target.closest("a") && !event.ctrlKey && !event.metaKey) dialog.close(); });
    showEmpty();
    if (dialog.open) {
      // The reader was first: what was typed is asked.
      if (input.value) ask();
      fetchIndex();
      return;
    }
    dialog.classList.add("search-ahead");
    requestAnimationFrame(() => setTimeout(() => dialog.classList.remove("search-ahead")));
  };
  const fetchIndex = () => requestAnimationFrame(() => setTimeout(() => search.open().catch(() => { /* Said when something is asked. */ })));
  const open = () => {
    if (dialog.open) { input.select(); return; }
    dialog.classList.remove("search-ahead");
    showFrame();
    // What stands in an empty palette was made ahead: nothing is left to be done before it is painted.
    if (input.value) {
      input.select();
      ask();
    }
    fetchIndex();
  };

  // The page ------------------------------------------------------------------------------------------------------------

  const page = (form) => {
    const field = form.querySelector("input");
    const found = document.querySelector(".search-found");
    const lists = document.querySelectorAll(".search-index");
    const state = { kind: null, topic: null, sort: "relevance", topics: false };
    const languages = form.dataset.languages?.split(" ") ?? [];
    const choices = languages.map((tag) => h("button", { type: "button", className: "search-facet", lang: tag, onclick: () => { speak(tag); run(true); } },
      new Intl.DisplayNames(tag, { type: "language" }).of(tag)));
    /** Searches the index of a language from now on. */
    const speak = (tag) => {
      language = tag === languages[0] ? undefined : tag;
      search = createSearch(new URL(`../${tag}/`, index).href);
      choices.forEach((choice, at) => choice.setAttribute("aria-pressed", String(languages[at] === tag)));
    };
    if (choices.length) form.after(h("ul", { className: "search-languages", "aria-label": "Language of the pages" }, choices.map((choice) => h("li", {}, choice))));
    const count = h("p", { className: "search-count", role: "status" });
    const body = h("div", {});
    found.append(count, body);
    const wide = matchMedia("(min-width: 40rem)");
    let asked = 0, wait;
    form.setAttribute("action", url("search/"));

    const remember = (push) => {
      const parameters = new URLSearchParams();
      if (field.value.trim()) parameters.set("q", field.value);
      for (const key of ["kind", "topic"]) if (state[key]) parameters.set(key, state[key]);
      if (state.sort !== "relevance") parameters.set("sort", state.sort);
      if (language) parameters.set("lang", language);
      const query = parameters.toString();
      const address = `${location.pathname}${query ? `?${query}` : ""}`;
      if (address === location.pathname + location.search) return;
      history[push ? "pushState" : "replaceState"](null, "", address);
    };

    const item = (answer, result) => {
      const lead = h("p", { className: "search-lead" }, ...marked(search.mark(answer, result.lead)));
      const link = h("a", { className: "row-title", href: url(result.url) }, ...marked(search.mark(answer, result.title)));
      const place = h("span", {});
      const element = h("li", {}, h("p", { className: "search-kind" }, icon(result.kind.icon), result.kind.label, place), link, lead);
      element.addEventListener("click", (event) => { if (event.target.closest("a")) keepWords(answer, result.url); });
      search.excerpt(answer, result).then((excerpt) => {
        if (excerpt.parts.some(([, hit]) => hit)) lead.replaceChildren(...marked(excerpt.parts));
        if (excerpt.title) place.replaceChildren(" · ", excerpt.anchor ? h("a", { href: url(result.url, excerpt.anchor) }, excerpt.title) : excerpt.title);
      }, () => { /* The lead stays. */ });
      return element;
    };

    const more = (answer, results) => {
      const button = h("button", { type: "button", className: "search-more" });
      const left = () => {
        const isShown = results.children.length >= answer.ranked.length;
        button.hidden = isShown && !answer.left?.length;
        button.textContent = isShown ? "Look through more pages" : "More results";
      };
      button.addEventListener("click", () => {
        const shown = results.children.length;
        search.more(answer, shown, 10).then((next) => {
          results.append(...next.map((result) => item(answer, result)));
          results.children[shown]?.querySelector("a.row-title").focus();
          count.textContent = tally(answer);
          left();
        }, () => { button.textContent = "They could not be read. Try again"; });
      });
      left();
      return button;
    };
    /** Pages near the results in the graph, where few pages have all words. */
    const nearby = (answer) => {
      const section = h("section", { className: "search-near", "aria-labelledby": "search-near", hidden: true });
      search.near(answer).then((related) => {
        if (related.length) section.append(h("h2", { id: "search-near" }, "Few pages have all these words"), h("p", {}, "Pages that the ones above are related to:"),
          h("ul", { className: "rows", lang: language }, ...related.map((result) => h("li", {}, h("a", { className: "row-title", href: url(result.url) }, result.title), h("p", { className: "search-lead" }, result.lead)))));
        section.hidden = !related.length;
      }, () => { /* The results stand by themselves. */ });
      return section;
    };
    /** Buttons that let through one kind or one topic, with how many pages there are of each. */
    const facets = (key, name, list) => {
      const id = `search-${key}s`;
      return h("div", {}, h("h2", { id }, name), h("ul", { "aria-labelledby": id }, list.map(([value, label, count]) => h("li", {}, h("button", {
        type: "button", className: "search-facet", "aria-pressed": String(state[key] === value),
        onclick: () => { state[key] = state[key] === value ? null : value; run(true); },
      }, label, " ", h("small", {}, count.toLocaleString("en")))))));
    };
    /** What narrows the results down and puts them in order. `topics` are not given where they would have to be fetched first. */
    const narrowing = (answer, topics) => {
      const kinds = answer.kinds.filter(({ id, count }) => count > 0 || id === state.kind).map(({ id, plural, count }) => [id, plural, count]);
      const [pressed, others] = [true, false].map((is) => (topics ?? []).filter(({ slug }) => (slug === state.topic) === is));
      const shown = [...pressed, ...others.slice(0, 12)].map(({ slug, label, count }) => [slug, label, count]);
      const sort = h("select", { className: "search-sort", onchange: () => { state.sort = sort.value; run(true); } },
        ...[["relevance", "Best first"], ["title", "By title"], ["newest", "Checked last"]].map(([value, label]) => h("option", { value, selected: state.sort === value }, label)));
      return h("details", { className: "search-facets", open: wide.matches || Boolean(state.kind || state.topic) }, h("summary", {}, "Narrow down, sort"),
        facets("kind", "Kind", kinds),
        shown.length ? facets("topic", "Topic", shown) : null,
        topics ? null : h("p", {}, h("button", { type: "button", className: "search-facet", onclick: () => { state.topics = true; run(false); } }, "Narrow down by topic")),
        h("label", {}, h("span", {}, "Order"), sort));
    };

    const draw = (answer, topics) => {
      const results = h("ol", { className: "rows search-results", lang: language }, ...answer.results.map((result) => item(answer, result)));
      const nothing = answer.some === 0 && !answer.left?.length;
      body.replaceChildren(...[
        ...notes(answer, (query) => { field.value = query; run(true); field.focus(); }),
        answer.answers.length > 0 && h("ul", { className: "search-answers" }, answer.answers.map((found) => h("li", {}, h("a", { className: "search-answer", href: url(found.url) }, ...answerBody(answer, found))))),
        (!nothing || state.kind || state.topic) && narrowing(answer, topics),
        results,
        more(answer, results),
        nearby(answer),
        nothing && h("p", { className: "search-nothing" }, answer.missing.length ? `No page has ${quoted(answer.missing)}, and no word is close to it. ` : "", "Try a shorter word, or look through the lists below."),
      ].filter(Boolean));
      count.textContent = tally(answer);
      for (const section of lists) section.hidden = !nothing;
    };

    const run = async (push) => {
      const query = field.value.trim(), mine = ++asked;
      clearTimeout(wait);
      remember(push);
      document.title = document.title.replace(/^.*?(?= – |$)/, query ? `“${query}”` : "Search");
      found.hidden = !query && !state.kind && !state.topic;
      if (found.hidden) { for (const section of lists) section.hidden = false; return; }
      try {
        const filters = [state.kind && `kind:"${state.kind}"`, state.topic && `topic:"${state.topic}"`].filter(Boolean);
        const limit = await first(10);
        const answer = await search.find([...filters, query].join(" "), { kind: state.kind ?? undefined, topic: state.topic ?? undefined, sort: state.sort, limit });
        answer.query = query;
        // The topics of all pages of a very large site weigh more than a search: they come when they are asked for.
        const topics = limit === 10 || state.topic || state.topics ? await search.topics(answer) : undefined;
        if (mine === asked) draw(answer, topics);
      } catch (error) {
        if (mine !== asked) return;
        count.textContent = "";
        body.replaceChildren(failure(error, () => run(false)));
        for (const section of lists) section.hidden = false;
      }
    };
    const restore = () => {
      const parameters = new URLSearchParams(location.search);
      field.value = parameters.get("q") ?? "";
      for (const key of ["kind", "topic"]) state[key] = parameters.get(key);
      if (languages.length) speak(languages.find((tag) => tag === parameters.get("lang")) ?? languages[0]);
      state.sort = ["title", "newest"].find((sort) => sort === parameters.get("sort")) ?? "relevance";
      run(false);
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); run(true); });
    field.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(() => run(false), 150); });
    addEventListener("popstate", restore);
    restore();
    if (!field.value && !matchMedia("(hover: none)").matches) field.focus();
  };

  // The palette is there before it is asked for: what is not shown costs nothing, and it opens in less than a blink.
  build();
  return { open, page };
};
