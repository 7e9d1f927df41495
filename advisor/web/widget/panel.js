/* Cluster Advisor widget: the conversation. Loaded after the visitor has agreed. Text enters the page by textContent only. */
(() => {
  'use strict';
  const shared = window[Symbol.for('cluster-advisor')];
  const CSS = `
.log{flex:1;min-height:0;overflow:auto;padding:16px;display:flex;flex-direction:column;gap:16px}
.log:focus-visible{outline-offset:-3px}
.u{align-self:flex-end;max-width:88%;padding:8px 12.8px;border-radius:16px 16px 3.2px 16px;background:var(--soft);white-space:pre-wrap;overflow-wrap:anywhere}
.a{overflow-wrap:anywhere}.a p,.a ul{margin:0 0 8px}.a ul{padding-inline-start:19.2px}
.n{padding-inline-start:11.2px;border-inline-start:3px solid var(--line)}.q{font-weight:600}
.s{color:var(--dim);margin:0}
.k{min-height:24px;min-width:26px;padding:0 4.8px;margin-inline:2.4px;font-size:12.8px;line-height:1.3;border-radius:6.4px;vertical-align:baseline}
details{border:1px solid var(--line);border-radius:9.6px;margin:5.6px 0;background:var(--bg)}
summary{padding:6.4px 11.2px;cursor:pointer;min-height:32px}
details>:not(summary),.a details>p{margin:4.8px 11.2px 9.6px}
blockquote{padding:0;color:var(--ink)}mark{background:light-dark(#fff0b3,#5b4a00);color:inherit}
.o{display:flex;flex-wrap:wrap;gap:8px;margin:4.8px 0}
.o button{font-size:14.4px}
.f,.a .f{list-style:none;margin:0 0 8px;padding:0}.f li{margin:4.8px 0}
.bar{block-size:10px;border-radius:5px;background:var(--soft);border:1px solid var(--line);overflow:hidden}.bar i{display:block;block-size:100%;background:var(--accent);forced-color-adjust:none}
form{padding:11.2px 16px 16px;border-block-start:1px solid var(--line)}
::placeholder{color:var(--dim);opacity:1}
label{font-size:14.4px;color:var(--dim)}
textarea{display:block;inline-size:100%;min-block-size:44.8px;max-block-size:144px;resize:vertical;margin:3.2px 0 8px;padding:8px 11.2px;border:1px solid var(--line);border-radius:9.6px;background:var(--bg);field-sizing:content}
.check{display:flex;gap:8px;color:var(--ink);font-size:16px;align-items:start}.check input{inline-size:24px;block-size:24px;flex:none;margin:0;accent-color:var(--accent)}
.v{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.menu{position:absolute;inset-inline:9.6px;inset-block-start:57.6px;z-index:2;padding:9.6px;border:1px solid var(--line);border-radius:12.8px;background:var(--bg);box-shadow:0 8px 24px #0005;display:flex;flex-direction:column;gap:4.8px;max-block-size:calc(100% - 72px);overflow:auto}
.menu[hidden]{display:none}.menu button,.menu a{text-align:start;padding:6.4px 11.2px;min-height:32px;display:block}
code{overflow-wrap:anywhere;user-select:all}
@media (max-height:360px){.w,.m{overflow:auto}.log{overflow:visible;flex:none}}`;
  const safe = (url) => (/^(https?:\/\/|mailto:)/i.test(url || '') ? url : '');
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const LINK = { target: '_blank', rel: 'noopener noreferrer' };

  shared.panel = async (widget) => {
    const { base, site, root, box, main, heading, tools, store, make, emit } = widget;
    if (!root.adoptedStyleSheets.some((one) => one.panel)) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      sheet.panel = true;
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    }
    const api = (path, options = {}) => {
      const state = store.get() || {};
      const headers = { ...(state.token ? { Authorization: 'Bearer ' + state.token } : {}), ...options.headers };
      if (options.json !== undefined) headers['Content-Type'] = 'application/json';
      return fetch(base + '/api/v1' + path, { method: options.method || 'GET', headers, signal: options.signal, credentials: 'omit', cache: 'no-store', body: options.json === undefined ? undefined : JSON.stringify(options.json) });
    };
    const told = await api('/sites/' + site + '?lang=' + encodeURIComponent(widget.wanted));
    if (!told.ok) throw new Error(told.status);
    const about = await told.json();
    const texts = new Map(Object.entries(about.texts));
    const t = (id, values) => (texts.get(id) || id).replace(/\{(\w+)\}/g, (all, name) => (values && Object.hasOwn(values, name) ? String(values[name]) : all));
    box.lang = about.language;
    if (!widget.fixed && about.title) heading.textContent = about.title;

    // The conversation's frame

    const log = make('div', { class: 'log', tabindex: '0', role: 'region', 'aria-label': t('log') });
    const spoken = make('div', { class: 'v', 'aria-live': 'polite' });
    const field = make('textarea', { id: 'q', rows: '1', placeholder: t('placeholder'), dir: 'auto', maxlength: String(about.max_chars) });
    const send = make('button', { class: 'p', type: 'submit', text: t('send') });
    const stop = make('button', { type: 'button', text: t('stop'), hidden: true, onclick: () => running && running.abort() });
    const form = make('form', { onsubmit: (event) => { event.preventDefault(); submit(); } }, make('label', { for: 'q', text: t('label') }), field, make('div', { class: 'o' }, send, stop));
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
    });
    const menu = make('div', { class: 'menu', hidden: true, id: 'menu' });
    const more = make('button', { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'menu', text: t('more'), onclick: () => toggle() });
    menu.addEventListener('keydown', (event) => { if (event.key === 'Escape') { event.stopPropagation(); toggle(false); more.focus(); } });
    tools.replaceChildren(more);
    main.replaceChildren(menu, log, spoken, form);
    let running = null;

    const say = (text) => spoken.append(make('p', { text }));
    const toEnd = () => { log.scrollTop = log.scrollHeight; };
    const add = (...nodes) => { log.append(...nodes); toEnd(); };
    const notice = (text, alert) => add(make('p', { class: 'n', text, ...(alert ? { role: 'alert' } : { role: 'status' }) }));

    function toggle(show = menu.hidden) {
      menu.hidden = !show;
      more.setAttribute('aria-expanded', String(show));
      if (!show) return;
      const act = (id, run) => make('button', { type: 'button', text: t(id), onclick: () => { toggle(false); more.focus(); run(); } });
      menu.replaceChildren(act('new', renew), act('device', device), ...(about.handover ? [act('human', human)] : []), act('data', () => save('/export.json', 'conversation.json')),
        act('erase', erase), make('a', { ...LINK, href: safe(about.privacy_url) || base + '/privacy/' + site, text: t('privacy') }));
      menu.firstChild.focus();
    }

    // Threads

    const path = () => '/threads/' + store.get().thread;
    async function opened() {
      const state = store.get();
      if (state.thread) return;
      const made = await api('/threads', { method: 'POST', json: { site } });
      if (!made.ok) throw made;
      const thread = await made.json();
      store.set({ ...state, thread: thread.thread_id, token: thread.token });
    }
    async function problem(answer) {
      const body = answer instanceof Response ? await answer.json().catch(() => null) : null;
      const seconds = body && (body.retry_after || Number(answer.headers.get('Retry-After')));
      notice(seconds ? t('busy', { n: seconds }) : t('failed'), true);
    }
    async function renew() {
      if (running) running.abort();
      const { thread, token, ...rest } = store.get();
      store.set(rest);
      log.replaceChildren();
      greet();
      field.focus();
    }
    async function device() {
      try {
        await opened();
        const made = await api(path() + '/code', { method: 'POST' });
        if (!made.ok) throw made;
        const link = location.href.split('#')[0] + '#advisor=' + (await made.json()).code;
        add(make('div', { class: 'n', role: 'status' }, make('p', { text: t('device_text') }), make('code', { text: link }), make('div', { class: 'o' }, copier(() => link))));
      } catch (answer) { problem(answer); }
    }
    function human() {
      const href = safe(about.handover);
      add(make('p', { class: 'n', role: 'status' }, t('human_text') + ' ', make('a', { ...LINK, href, text: href.replace(/^mailto:/, '') })));
    }
    function erase() {
      const row = make('div', { class: 'n', role: 'group', 'aria-label': t('erase_sure') }, make('p', { text: t('erase_sure') }));
      const yes = make('button', { class: 'p', type: 'button', text: t('erase_yes'), onclick: async () => {
        if (running) running.abort();
        try {
          if (store.get().thread) {
            const gone = await api(path(), { method: 'DELETE' });
            if (!gone.ok && gone.status !== 404) throw gone;
          }
        } catch (answer) { problem(answer); return; }
        store.clear();
        widget.restart();
        main.prepend(make('p', { class: 'c', role: 'status', text: t('erased') }));
      } });
      row.append(make('div', { class: 'o' }, yes, make('button', { type: 'button', text: t('cancel'), onclick: () => { row.remove(); field.focus(); } })));
      add(row);
      yes.focus();
    }
    async function save(end, name) {
      try {
        await opened();
        const got = await api(path() + end);
        if (!got.ok) throw got;
        const url = URL.createObjectURL(await got.blob());
        make('a', { href: url, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(url), 1000);
      } catch (answer) { problem(answer); }
    }

    // What an answer is made of

    function copier(text) {
      const button = make('button', { type: 'button', text: t('copy'), onclick: async () => {
        try { await navigator.clipboard.writeText(text()); } catch {
          const area = make('textarea', { class: 'v', 'aria-hidden': 'true' });
          area.value = text();
          root.append(area);
          area.select();
          document.execCommand('copy');
          area.remove();
          button.focus();
        }
        button.textContent = t('copied');
        setTimeout(() => { button.textContent = t('copy'); }, 2000);
      } });
      return button;
    }
    function source(one) {
      const at = one.support ? one.passage.indexOf(one.support) : -1;
      const quote = at < 0 ? [one.passage] : [one.passage.slice(0, at), make('mark', { text: one.support }), one.passage.slice(at + one.support.length)];
      const url = safe(one.url);
      return make('details', {}, make('summary', { text: '[' + one.n + '] ' + one.title + (one.as_of ? ', ' + t('as_of', { date: one.as_of }) : '') }), make('blockquote', { dir: 'auto' }, ...quote),
        url ? make('p', {}, make('a', { ...LINK, href: url, text: one.reference || one.title })) : null,
        make('p', { class: 's', text: one.source + ', ' + t('line', { n: one.line }) }));
    }
    function turn() {
      const body = make('div', { dir: 'auto' }), extra = make('div', {}), sources = make('div', {}), status = make('p', { class: 's' }), foot = make('div', { class: 'o' });
      const node = make('article', { class: 'a', 'aria-label': t('advisor') }, body, sources, extra, status, foot);
      const cited = new Map(), parts = [];
      let list = null, id = '';
      const show = {
        status: ({ step }) => { status.textContent = t('status_' + step) + ' …'; },
        retrieved: () => {},
        sentence: ({ text, role, marks, citations }) => {
          parts.push(text);
          for (const one of citations || []) {
            if (cited.has(one.n)) continue;
            if (!cited.size) sources.append(make('p', { class: 's', text: t('sources') }));
            cited.set(one.n, source(one));
            sources.append(cited.get(one.n));
          }
          const line = [text, ...(marks || []).map((n) => make('button', { class: 'k', type: 'button', 'aria-label': t('source_n', { n }), text: String(n), onclick: () => {
            const found = cited.get(n);
            if (!found) return;
            found.open = true;
            found.firstChild.focus();
            found.scrollIntoView({ block: 'nearest' });
          } }))];
          const claim = role === 'fact' || role === 'advice';
          if (claim && body.querySelector('[data-lead]')) {
            if (!list) body.append(list = make('ul', {}));
            list.append(make('li', {}, ...line));
          } else {
            list = null;
            body.append(make('p', { ...(claim ? { 'data-lead': '' } : { class: role === 'notice' ? 'n' : 'q' }) }, ...line));
          }
        },
        question: ({ slot, text, options, why }) => {
          parts.push(text);
          const row = make('div', { class: 'o', role: 'group', 'aria-label': text });
          for (const { value, label } of options || []) row.append(make('button', { type: 'button', text: label, onclick: () => { row.remove(); submit(label, { slot, value }); } }));
          extra.append(make('p', { class: 'q', text }), why ? make('p', { class: 's', text: t('why') + ': ' + why }) : '', row);
        },
        profile: ({ ranking, runner_up: runner }) => {
          const list = make('ul', { class: 'f' });
          for (const { profile, probability } of (ranking || []).slice(0, 4)) {
            const name = t('profile_' + profile), percent = Math.round(probability * 100) + ' %';
            const fill = make('i', {});
            fill.style.inlineSize = Math.max(0, Math.min(100, probability * 100)) + '%';
            list.append(make('li', {}, name + ': ' + percent, make('div', { class: 'bar', 'aria-hidden': 'true' }, fill)));
          }
          extra.append(make('p', { class: 'q', text: t('profile') }), list, runner ? make('p', { class: 's', text: t('runner_up') + ': ' + t('profile_' + runner) }) : '');
          emit('profile', { ranking });
        },
        plan: (plan) => { extra.append(planned(plan)); emit('plan', {}); },
        done: ({ outcome }) => { finish(); emit('answer', { message: id, outcome }); },
        error: ({ code, detail }) => { status.textContent = ''; body.append(make('p', { class: 'n', role: 'alert', text: code === 'failed' && detail ? detail : t('failed') })); },
      };
      function finish() {
        status.textContent = '';
        const vote = (helpful) => async () => {
          const sent = await api(path() + '/feedback', { method: 'POST', json: { message_id: id, helpful } }).catch(() => null);
          if (sent && sent.ok) { for (const one of foot.querySelectorAll('[data-vote]')) one.remove(); foot.append(make('span', { class: 's', role: 'status', text: t('thanks') })); }
        };
        if (parts.length) foot.replaceChildren(copier(() => parts.join(' ')), ...[['helpful', true], ['not_helpful', false]].map(([name, value]) => make('button', { type: 'button', 'data-vote': '', text: t(name), onclick: vote(value) })));
      }
      return { node, take(name, data, message, quiet) {
        id = message;
        if (Object.hasOwn(show, name)) show[name](data);
        if (!quiet && (name === 'sentence' || name === 'question')) say(data.text);
        if (!quiet) toEnd();
        return name === 'done' || name === 'error';
      }, end: () => { status.textContent = ''; } };
    }
    function planned(plan) {
      const list = make('ul', { class: 'f' });
      for (const step of Array.isArray(plan.steps) ? plan.steps : []) {
        const tick = make('input', { type: 'checkbox', checked: Boolean(step.done), onchange: async () => {
          const sent = await api(path() + '/plan/' + encodeURIComponent(step.id), { method: 'PATCH', json: { done: tick.checked } }).catch(() => null);
          if (!sent || !sent.ok) { tick.checked = !tick.checked; problem(sent); }
        } });
        const text = [step.when || step.horizon, step.action || step.title || step.text].filter(Boolean).join(': ');
        list.append(make('li', {}, make('label', { class: 'check' }, tick, make('span', { dir: 'auto', text })), step.why ? make('p', { class: 's', text: step.why }) : null));
      }
      const files = make('div', { class: 'o' });
      for (const form of ['md', 'pdf', 'ics']) files.append(make('button', { type: 'button', text: t('plan_' + form), onclick: () => save('/plan.' + form, 'plan.' + form) }));
      return make('section', { 'aria-label': t('plan') }, make('p', { class: 'q', text: t('plan') }), list, files);
    }

    // Asking

    async function submit(text = field.value.trim(), choice = null) {
      if (!text || running) return;
      if (text.length > about.max_chars) { notice(t('too_long', { n: about.max_chars }), true); return; }
      if (!choice) field.value = '';
      spoken.replaceChildren();
      add(make('div', { class: 'u', dir: 'auto' }, make('span', { class: 'v', text: t('you') + ': ' }), text));
      const answer = turn();
      add(answer.node);
      running = new AbortController();
      send.disabled = true;
      stop.hidden = false;
      if (choice) field.focus();
      emit('question', {});
      try { await follow(answer, choice || { text }, running.signal); } catch (failure) {
        if (!running.signal.aborted) problem(failure);
      }
      answer.end();
      running = null;
      send.disabled = false;
      stop.hidden = true;
      toEnd();
    }
    async function follow(answer, json, signal) {
      const key = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now();
      let last = '', message = '';
      for (let tries = 0; tries < 6; tries += 1) {
        try {
          await opened();
          const got = message ? await api(path() + '/messages/' + message + '/events', { headers: { 'Last-Event-ID': last }, signal })
            : await api(path() + '/messages', { method: 'POST', json, headers: { 'Idempotency-Key': key }, signal });
          if (!got.ok) {
            if (got.status === 404 && !message && tries === 0) { const { thread, token, ...rest } = store.get(); store.set(rest); continue; }
            throw got;
          }
          for await (const event of read(got.body)) {
            last = event.id;
            message = last.split('.')[0];
            if (answer.take(event.name, event.data, message)) return;
          }
        } catch (failure) {
          if (failure instanceof Response || signal.aborted || tries === 5) throw failure;
        }
        await wait(Math.min(8000, 400 * 2 ** tries));
      }
      throw new Error('cut');
    }
    async function* read(body) {
      const reader = body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        rest += value;
        for (let at = rest.indexOf('\n\n'); at >= 0; at = rest.indexOf('\n\n')) {
          const event = { id: '', name: '', data: null };
          for (const line of rest.slice(0, at).split('\n')) {
            if (line.startsWith('id: ')) event.id = line.slice(4);
            else if (line.startsWith('event: ')) event.name = line.slice(7);
            else if (line.startsWith('data: ')) event.data = JSON.parse(line.slice(6));
          }
          rest = rest.slice(at + 2);
          if (event.name) yield event;
        }
      }
    }

    // The beginning

    const greet = () => { if (about.greeting) add(make('p', { class: 'a', dir: 'auto', text: about.greeting })); };
    async function resume() {
      const state = store.get();
      if (widget.claim) {
        const got = await api('/threads/claim', { method: 'POST', json: { code: widget.claim } });
        if (got.ok) { const thread = await got.json(); store.set({ ...state, thread: thread.thread_id, token: thread.token }); } else problem(got);
      }
      if (!store.get().thread) return;
      const got = await api(path());
      if (got.status === 404) { const { thread, token, ...rest } = store.get(); store.set(rest); return; }
      if (!got.ok) throw got;
      const past = (await got.json()).messages;
      if (past.length) notice(t('resumed'));
      for (const message of past) {
        const answer = turn();
        add(make('div', { class: 'u', dir: 'auto' }, make('span', { class: 'v', text: t('you') + ': ' }), message.text), answer.node);
        for (const { event, data } of message.events) answer.take(event, data, message.id, true);
      }
      toEnd();
    }
    greet();
    await resume().catch(problem);
    return { shown(quiet) { toEnd(); if (!quiet) field.focus(); } };
  };
})();
