/* Cluster Advisor widget: the conversation. Loaded after the visitor has agreed. Text enters the page by textContent only. */
(() => {
  'use strict';
  const shared = window[Symbol.for('cluster-advisor')];
  const CSS = `
.log{flex:1;min-height:0;overflow:auto;padding:18px;display:flex;flex-direction:column;gap:16px;overscroll-behavior:contain}
.log:focus-visible{outline-offset:-3px}
.u{align-self:flex-end;max-width:88%;padding:8px 14px;border-radius:16px 16px 4px 16px;background:var(--accent);color:var(--on);white-space:pre-wrap;overflow-wrap:anywhere}
.a{overflow-wrap:anywhere}.a p,.a ul{margin:0 0 8px}.a ul{padding-inline-start:20px}.a li{margin:0 0 4px}
.n{margin:0;padding:8px 12px;border-radius:10px;background:var(--soft)}.a .n{border-inline-start:3px solid var(--line)}
.n[role=alert]{background:light-dark(#fdecea,#40201f);color:light-dark(#7a1712,#ffd9d5);border-inline-start:3px solid currentColor}
.q{font-weight:600}.s{color:var(--dim);font-size:14.4px;margin:0}
.t::after{content:"";display:inline-block;inline-size:1.2em;text-align:start;animation:dots 1.2s steps(1) infinite}
@keyframes dots{0%{content:""}25%{content:"."}50%{content:".."}75%{content:"..."}}
.k{min-height:24px;min-width:26px;padding:0 5px;margin-inline:2.4px;font-size:12.8px;font-weight:600;line-height:1.3;border-radius:7px;border-color:transparent;background:var(--soft);color:var(--link);vertical-align:baseline}.k:hover{border-color:currentColor}
details{border-radius:10px;margin:6px 0;background:var(--soft);font-size:15px}
summary{padding:7px 12px;cursor:pointer;min-height:36px;border-radius:10px}summary:hover{text-decoration:underline}
details>:not(summary),.a details>p{margin:4.8px 12px 9.6px}
blockquote{padding-inline-start:10px;border-inline-start:3px solid var(--line)}mark{background:light-dark(#ffe999,#5b4a00);color:inherit;border-radius:3px}
.o{display:flex;flex-wrap:wrap;gap:8px;margin:6px 0}
.o button{font-size:14.4px}.g button{min-height:40px;border-color:var(--link);color:var(--link);text-align:start}
.e button{padding:3px 10px;border-color:transparent;color:var(--dim);background:var(--soft)}.e button:hover{border-color:currentColor}
.f,.a .f{list-style:none;margin:0 0 10px;padding:0}.f li{margin:8px 0}
.z{display:flex;justify-content:space-between;gap:12px;font-size:15px}
.bar{block-size:8px;margin-block-start:3px;border-radius:4px;background:var(--soft);box-shadow:inset 0 0 0 1px light-dark(#0003,#fff3);overflow:hidden}.bar i{display:block;block-size:100%;border-radius:4px;background:var(--link);forced-color-adjust:none}
.d{padding:14px;border:1px solid light-dark(#c9d1d8,#3a4653);border-radius:14px;margin-block-start:10px}.d .q{font-size:17px}.d .s{padding-inline-start:34px}
form{display:grid;grid-template-columns:1fr auto;gap:4px 8px;align-items:end;padding:10px 14px 14px;border-block-start:1px solid light-dark(#d9dfe4,#313c48)}
::placeholder{color:var(--dim);opacity:1}
label{grid-column:1/-1;font-size:13.6px;color:var(--dim)}
textarea{inline-size:100%;min-block-size:44px;max-block-size:144px;resize:none;margin:0;padding:9px 13px;border:1px solid var(--line);border-radius:12px;background:var(--bg);field-sizing:content}
form button{min-height:44px;border-radius:12px}form [hidden]{display:none}
.check{display:flex;gap:10px;color:var(--ink);font-size:16px;align-items:start}.check input{inline-size:24px;block-size:24px;flex:none;margin:0;accent-color:var(--link)}.check :checked+span{color:var(--dim);text-decoration:line-through}
.v{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.menu{position:absolute;inset-inline-end:10px;inset-block-start:6px;z-index:2;min-inline-size:240px;max-inline-size:calc(100% - 20px);padding:6px;border:1px solid light-dark(#c9d1d8,#3a4653);border-radius:14px;background:var(--bg);box-shadow:0 8px 28px #0005;display:flex;flex-direction:column;max-block-size:calc(100% - 12px);overflow:auto}
.menu[hidden]{display:none}.menu button,.menu a{border-color:transparent;text-align:start;padding:8px 12px;min-height:40px;display:block;border-radius:9.6px}.menu a:hover{background:var(--soft)}
code{overflow-wrap:anywhere;user-select:all}
@media (forced-colors:active){details,.u,.d,.bar{border:1px solid}}
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
    const form = make('form', { onsubmit: (event) => { event.preventDefault(); submit(); } }, make('label', { for: 'q', text: t('label') }), field, send, stop);
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
    });
    const menu = make('div', { class: 'menu', hidden: true, id: 'menu' });
    const more = make('button', { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'menu', text: t('more'), onclick: () => toggle() });
    menu.addEventListener('keydown', (event) => { if (event.key === 'Escape') { event.stopPropagation(); toggle(false); more.focus(); } });
    tools.replaceChildren(more);
    main.replaceChildren(menu, log, spoken, form);
    let running = null, late = false, at = '', seen = '', resumes = 0;
    const busy = (now) => {
      const held = root.activeElement === send || root.activeElement === stop;
      send.hidden = now;
      stop.hidden = !now;
      if (held) (now ? stop : field).focus();
    };

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
    // Two tabs that ask their first question at once share one conversation.
    const alone = (run) => (navigator.locks ? navigator.locks.request('advisor:' + base + site, run) : run());
    const opened = () => new Promise((done, failed) => {
      alone(async () => {
        const made = store.get().thread ? null : await api('/threads', { method: 'POST', json: { site } });
        if (made && !made.ok) throw made;
        if (made) { const { thread_id: thread, token } = await made.json(); store.set({ ...store.get(), thread, token }); }
        at = store.get().thread;
        done();
        if (made) await wait(400); // storage reaches another tab a moment later
      }).catch(failed);
    });
    // Another tab went on: show what it did, at once or after the answer that is on its way.
    function changed() {
      const { thread = '', latest = '' } = store.get() || {};
      if (thread === at && latest === seen) return;
      if (running) late = true;
      else resume().catch(problem);
    }
    async function problem(answer) {
      const body = answer instanceof Response ? await answer.json().catch(() => null) : null;
      const seconds = body && (body.retry_after || Number(answer.headers.get('Retry-After')));
      notice(seconds ? t('busy', { n: seconds }) : t('failed'), true);
    }
    async function renew() {
      if (running) running.abort();
      const { thread, token, latest, ...rest } = store.get();
      store.set(rest);
      at = seen = '';
      resumes += 1; // what is being fetched belongs to the old one
      begin();
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
      const body = make('div', { dir: 'auto' }), extra = make('div', {}), sources = make('div', {}), status = make('p', { class: 's' }), foot = make('div', { class: 'o e' });
      const node = make('article', { class: 'a', 'aria-label': t('advisor') }, body, sources, extra, status, foot);
      const cited = new Map(), parts = [];
      let list = null, id = '';
      const wipe = () => { status.textContent = ''; status.className = 's'; };
      const show = {
        status: ({ step }) => { status.textContent = t('status_' + step); status.className = 's t'; },
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
          const row = make('div', { class: 'o g', role: 'group', 'aria-label': text });
          for (const { value, label } of options || []) row.append(make('button', { type: 'button', text: label, onclick: () => { row.remove(); submit(label, { slot, value }); } }));
          extra.append(make('p', { class: 'q', text }), why ? make('p', { class: 's', text: t('why') + ': ' + why }) : '', row);
        },
        profile: ({ ranking, runner_up: runner }) => {
          const list = make('ul', { class: 'f' });
          for (const { profile, probability } of (ranking || []).slice(0, 4)) {
            const name = t('profile_' + profile), percent = Math.round(probability * 100) + ' %';
            const fill = make('i', {});
            fill.style.inlineSize = Math.max(0, Math.min(100, probability * 100)) + '%';
            list.append(make('li', {}, make('div', { class: 'z' }, make('span', { text: name }), make('b', { text: percent })), make('div', { class: 'bar', 'aria-hidden': 'true' }, fill)));
          }
          extra.append(make('p', { class: 'q', text: t('profile') }), list, runner ? make('p', { class: 's', text: t('runner_up') + ': ' + t('profile_' + runner) }) : '');
          emit('profile', { ranking });
        },
        plan: (plan) => { extra.append(planned(plan)); emit('plan', {}); },
        done: ({ outcome }) => { finish(outcome); emit('answer', { message: id, outcome }); },
        error: ({ code, detail }) => { wipe(); body.append(make('p', { class: 'n', role: 'alert', text: code === 'failed' && detail ? detail : t('failed') })); },
      };
      function finish(outcome) {
        show.status = () => {};
        wipe();
        const vote = (helpful) => async () => {
          const sent = await api(path() + '/feedback', { method: 'POST', json: { message_id: id, helpful } }).catch(() => null);
          if (sent && sent.ok) { for (const one of foot.querySelectorAll('[data-vote]')) one.remove(); foot.append(make('span', { class: 's', role: 'status', text: t('thanks') })); }
        };
        if (parts.length && (cited.size || outcome !== 'coaching')) foot.replaceChildren(copier(() => parts.join(' ')), ...[['helpful', true], ['not_helpful', false]].map(([name, value]) => make('button', { type: 'button', 'data-vote': '', text: t(name), onclick: vote(value) })));
      }
      return { node, take(name, data, message, quiet) {
        id = message;
        if (Object.hasOwn(show, name)) show[name](data);
        if (!quiet && (name === 'sentence' || name === 'question')) say(data.text);
        if (!quiet) toEnd();
        return name === 'done' || name === 'error';
      }, end() { wipe(); if (!node.textContent) node.remove(); }, clear() {
        for (const one of [body, sources, extra]) one.replaceChildren();
        cited.clear();
        parts.length = 0;
        list = null;
      } };
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
      return make('section', { class: 'd', 'aria-label': t('plan') }, make('p', { class: 'q', text: t('plan') }), list, files);
    }

    // Asking

    async function submit(text = field.value.trim(), choice = null) {
      if (!text || running) return;
      if (text.length > about.max_chars) { notice(t('too_long', { n: about.max_chars }), true); return; }
      if (!choice) field.value = '';
      spoken.replaceChildren();
      log.querySelector(':scope > .g')?.remove();
      add(make('div', { class: 'u', dir: 'auto' }, make('span', { class: 'v', text: t('you') + ': ' }), text));
      const answer = turn();
      add(answer.node);
      if (choice) field.focus();
      emit('question', {});
      const failure = await attend(answer, choice || { text });
      if (failure instanceof Response && !choice && !field.value) field.value = text; // nothing typed is lost
    }
    // Show a reply while it comes: of a message to send, or of one that was sent before.
    async function attend(answer, json, message) {
      running = new AbortController();
      busy(true);
      let failed = null;
      try { await follow(answer, json, running.signal, message); } catch (failure) {
        failed = failure;
        if (!running.signal.aborted) problem(failure);
      }
      answer.end();
      running = null;
      busy(false);
      toEnd();
      if (late) resume().catch(problem);
      return failed;
    }
    async function follow(answer, json, signal, message = '') {
      const fresh = () => (crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2) + Date.now());
      let key = fresh(), last = '', again = !json;
      for (let tries = 0; tries < 6; tries += 1) {
        try {
          await opened();
          const got = message ? await api(path() + '/messages/' + message + '/events', { headers: { 'Last-Event-ID': last }, signal })
            : await api(path() + '/messages', { method: 'POST', json, headers: { 'Idempotency-Key': key }, signal });
          if (got.status === 404 && !message && tries === 0) { const { thread, token, latest, ...rest } = store.get(); store.set(rest); continue; }
          if (!got.ok && (got.status !== 409 || tries === 5)) throw got; // 409: another tab's question is being answered
          if (got.ok) {
            for await (const event of read(got.body)) {
              last = event.id;
              message = last.split('.')[0];
              if (message !== seen) store.set({ ...store.get(), latest: seen = message }); // other tabs follow
              if (event.name === 'error' && event.data.code === 'interrupted' && !again) { // the server began anew: so do we
                again = true;
                message = '';
                key = fresh();
                answer.clear();
                break;
              }
              if (answer.take(event.name, event.data, message)) return;
            }
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

    function begin() {
      log.replaceChildren();
      spoken.replaceChildren();
      if (about.greeting) add(make('p', { class: 'a', dir: 'auto', text: about.greeting }));
      const row = make('div', { class: 'o g', role: 'group', 'aria-label': t('starters') });
      for (const id of ['starter_1', 'starter_2', 'starter_3']) if (texts.get(id)) row.append(make('button', { type: 'button', text: t(id), onclick: () => { field.focus(); submit(t(id)); } }));
      if (row.firstChild) add(row);
    }
    async function resume() {
      const mine = resumes += 1;
      late = false;
      if (widget.claim) {
        const got = await api('/threads/claim', { method: 'POST', json: { code: widget.claim } });
        widget.claim = '';
        if (got.ok) { const made = await got.json(), { latest, ...rest } = store.get(); store.set({ ...rest, thread: made.thread_id, token: made.token }); } else problem(got);
      }
      const { thread = '', token, latest = '', ...rest } = store.get();
      let past = [];
      if (thread) {
        const got = await api('/threads/' + thread);
        if (got.status === 404) store.set(rest);
        else if (!got.ok) throw got;
        else past = (await got.json()).messages;
      }
      if (mine !== resumes) return;
      if (running) { late = true; return; }
      at = store.get().thread || '';
      seen = at && latest;
      begin();
      if (past.length) log.querySelector(':scope > .g')?.remove();
      if (past.length) notice(t('resumed'));
      for (const message of past) {
        const answer = turn();
        add(make('div', { class: 'u', dir: 'auto' }, make('span', { class: 'v', text: t('you') + ': ' }), message.text), answer.node);
        for (const { event, data } of message.events) answer.take(event, data, message.id, true);
        if (message === past.at(-1) && !message.events.length) attend(answer, null, message.id); // it is still being answered
      }
      toEnd();
    }
    begin();
    if (widget.claim || store.get().thread) await resume().catch(problem);
    return { changed, shown(quiet) { toEnd(); if (!quiet) field.focus(); } };
  };
})();
