/* Cluster Advisor widget: the button and the question for consent. Until the visitor agrees,
   nothing is requested and nothing is stored. No cookies, no markup from strings, no inline code. */
(() => {
  'use strict';
  const tag = document.currentScript || document.querySelector('script[data-site][src*="/widget"]');
  if (!tag) return;
  const attr = (name, or = '') => tag.getAttribute('data-' + name) || or;
  const site = attr('site'), base = new URL(tag.src).origin;
  const shared = window[Symbol.for('cluster-advisor')] ||= { widgets: new Map(), panel: null };
  if (!/^[a-z0-9][a-z0-9_-]{1,63}$/.test(site) || shared.widgets.has(site)) return;

  const TEXTS = {
    en: ['Ask the advisor', 'Close', 'Before we start', 'What you write here is sent to the advisor and kept for a limited time, so that you can come back to it. Please leave out personal details. Nothing was sent or stored so far.', 'I agree, start', 'Not now', 'What is stored', 'The advisor cannot be reached. Please try again.', 'Loading'],
    nb: ['Spør rådgiveren', 'Lukk', 'Før vi begynner', 'Det du skriver her, sendes til rådgiveren og lagres en begrenset tid, slik at du kan komme tilbake til det. Utelat personopplysninger. Ingenting er sendt eller lagret hittil.', 'Jeg samtykker, start', 'Ikke nå', 'Hva som lagres', 'Rådgiveren kan ikke nås. Prøv igjen.', 'Laster'],
    es: ['Preguntar al asesor', 'Cerrar', 'Antes de empezar', 'Lo que escriba aquí se envía al asesor y se guarda por un tiempo limitado, para que pueda volver a ello. No incluya datos personales. Hasta ahora no se ha enviado ni guardado nada.', 'Acepto, empezar', 'Ahora no', 'Qué se guarda', 'No se puede contactar con el asesor. Inténtelo de nuevo.', 'Cargando'],
    de: ['Den Berater fragen', 'Schließen', 'Bevor wir beginnen', 'Was Sie hier schreiben, wird an den Berater gesendet und für begrenzte Zeit gespeichert, damit Sie darauf zurückkommen können. Bitte lassen Sie persönliche Angaben weg. Bisher wurde nichts gesendet oder gespeichert.', 'Einverstanden, los', 'Nicht jetzt', 'Was gespeichert wird', 'Der Berater ist nicht erreichbar. Bitte versuchen Sie es erneut.', 'Lädt'],
    fr: ['Demander au conseiller', 'Fermer', 'Avant de commencer', 'Ce que vous écrivez ici est envoyé au conseiller et conservé pour une durée limitée, afin que vous puissiez y revenir. N’indiquez pas de données personnelles. Rien n’a été envoyé ni enregistré jusqu’ici.', 'J’accepte, commencer', 'Pas maintenant', 'Ce qui est conservé', 'Le conseiller est injoignable. Veuillez réessayer.', 'Chargement'],
    pt: ['Perguntar ao consultor', 'Fechar', 'Antes de começar', 'O que escrever aqui é enviado ao consultor e guardado por tempo limitado, para que possa voltar a ele. Não inclua dados pessoais. Até agora nada foi enviado nem guardado.', 'Concordo, começar', 'Agora não', 'O que é guardado', 'Não é possível contactar o consultor. Tente novamente.', 'A carregar'],
  };
  const wanted = attr('lang', document.documentElement.lang || navigator.language || 'en').slice(0, 35);
  const short = wanted.toLowerCase().split(/[-_]/)[0].replace(/^n[on]$/, 'nb');
  const lang = Object.hasOwn(TEXTS, short) ? short : 'en';
  const [LABEL, CLOSE, BEFORE, CONSENT, AGREE, LATER, STORED, FAILED, LOADING] = TEXTS[lang];
  const title = attr('title', 'Cluster Advisor');
  const accent = /^#[0-9a-f]{6}$/i.test(attr('accent')) ? attr('accent') : '#0b6e6e';
  const key = 'advisor:' + base + ':' + site;

  const CSS = `
:host{all:initial!important;position:static!important;display:block!important;visibility:visible!important;opacity:1!important;transform:none!important;filter:none!important;clip-path:none!important;
 color-scheme:light dark!important;--bg:light-dark(#fff,#151c24);--ink:light-dark(#17212b,#e9eef3);--soft:light-dark(#f1f4f6,#202a35);--dim:light-dark(#4c5965,#aebac6);--line:light-dark(#7b8894,#7b8894);--link:light-dark(#0b5560,#7fd4d8)}
:host([theme=light]){color-scheme:light!important}:host([theme=dark]){color-scheme:dark!important}
*{box-sizing:border-box}
.w,.b{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);text-align:start}
button,textarea{font:inherit;color:inherit}
p,h2,h3,li,label,summary,button,blockquote{unicode-bidi:plaintext}
button{min-height:32px;min-width:32px;padding:5.6px 12.8px;border:1px solid var(--line);border-radius:9.6px;background:var(--bg);cursor:pointer;transition:background .12s}
button:hover{background:var(--soft)}button:disabled{opacity:.6;cursor:default}
button.p,.b{background:var(--accent);color:var(--on);border-color:transparent;font-weight:600}button.p:hover,.b:hover{background:var(--accent);text-decoration:underline}
:focus-visible{outline:3px solid light-dark(#0a58ca,#8ab8ff);outline-offset:2px}
a{color:var(--link)}
.b{position:fixed;z-index:2147483000;inset-block-end:calc(20px + var(--up));inset-inline-end:20px;min-height:52px;padding:11.2px 22px;border-radius:32px;border:1px solid #fff6;box-shadow:0 2px 6px #0003,0 8px 24px #0004;max-width:calc(100vw - 40px);animation:in .25s}
.b::before{content:"";display:inline-block;inline-size:17px;block-size:14px;border:2px solid;border-radius:7px 7px 7px 1px;margin-inline-end:10px;vertical-align:-2px}
.w{position:fixed;z-index:2147483001;inset-block-end:20px;inset-inline-end:20px;inline-size:min(440px,calc(100vw - 40px));block-size:min(704px,calc(100dvh - 40px));display:flex;flex-direction:column;background:var(--bg);border:1px solid light-dark(#c9d1d8,#3a4653);border-radius:18px;box-shadow:0 4px 12px #0002,0 16px 48px #0005;overflow:hidden;animation:in .2s}
:host([position=left]) .b,:host([position=left]) .w{inset-inline:20px auto}
.w[hidden],.b[hidden]{display:none}
.h{display:flex;gap:6.4px;align-items:center;padding-block:9.6px;padding-inline:18px 9.6px;background:var(--accent);color:var(--on)}
h2{flex:1;margin:0;font-size:17px;line-height:1.3;overflow-wrap:anywhere}
.h button{background:none;border-color:transparent;min-height:40px}.h button:hover,.h [aria-expanded=true]{border-color:currentColor}
.h :focus-visible{outline-color:var(--on);outline-offset:-3px}
.x{font-size:24px;line-height:1;min-width:40px;padding:0}
.m{position:relative;flex:1;min-height:0;overflow:auto;display:flex;flex-direction:column}
.c{padding:20px}.c h3{margin:3.2px 0 8px;font-size:18px}.c p{margin:0 0 18px}.r{display:flex;flex-wrap:wrap;gap:9.6px;margin-block-end:18px}.r button{min-height:44px;padding-inline:18px}
@keyframes in{from{opacity:0;translate:0 12.8px}}
@media (max-width:600px),(max-height:420px){.w{inset:0!important;inline-size:100%;block-size:100dvh;border-radius:0;border:0}.b{inset-block-end:calc(14px + var(--up));inset-inline-end:14px}}
@media (prefers-reduced-motion:reduce){*{animation:none!important;scroll-behavior:auto!important;transition:none!important}}
@media (forced-colors:active){.w,.b,button{border:1px solid ButtonText!important}}
@media print{:host{display:none!important}}`;

  const make = (name, props, ...children) => {
    const node = document.createElement(name);
    for (const [prop, value] of Object.entries(props || {})) {
      if (prop.startsWith('on')) node.addEventListener(prop.slice(2), value);
      else if (prop in node && typeof value !== 'string') node[prop] = value;
      else if (prop === 'text') node.textContent = value;
      else node.setAttribute(prop, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };
  const emit = (name, detail) => window.dispatchEvent(new CustomEvent('advisor:' + name, { detail: { site, ...detail } }));
  const luminance = (hex) => {
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };

  // Storage is touched only after consent was given: reading what is not there tells nobody anything.
  const store = {
    memory: null,
    get() { try { return JSON.parse(localStorage.getItem(key)) || this.memory; } catch { return this.memory; } },
    set(value) { this.memory = value; try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode */ } },
    clear() { this.memory = null; try { localStorage.removeItem(key); } catch { /* private mode */ } },
  };

  const host = make('cluster-advisor', { theme: attr('theme', 'auto'), position: attr('position', 'right') });
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  host.style.setProperty('--accent', accent);
  host.style.setProperty('--on', luminance(accent) > 0.179 ? '#000' : '#fff');
  host.style.setProperty('--up', shared.widgets.size * 64 + 'px');
  const dir = /^(ar|he|fa|ur)$/.test(short) ? 'rtl' : attr('dir', document.documentElement.dir || 'ltr');

  const main = make('div', { class: 'm' });
  const heading = make('h2', { id: 't', text: title });
  const tools = make('span', {});
  const closer = make('button', { class: 'x', type: 'button', 'aria-label': CLOSE, text: '×', onclick: () => close() });
  const box = make('section', { class: 'w', role: 'dialog', 'aria-labelledby': 't', lang, dir, hidden: true, tabindex: '-1' },
    make('div', { class: 'h' }, heading, tools, closer), main);
  const button = make('button', { class: 'b', type: 'button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', lang, dir, text: attr('label', LABEL), onclick: () => open() });
  root.append(button, box);
  let before = null, live = null, claim = '';

  function open(quiet) {
    if (!box.hidden) return;
    before = document.activeElement;
    box.hidden = false;
    button.hidden = true;
    button.setAttribute('aria-expanded', 'true');
    const state = store.get();
    if (live) live.shown(quiet);
    else if (state && state.agreed && !claim) start(quiet);
    else ask();
    if (state) store.set({ ...state, open: true });
    emit('open');
  }
  function close() {
    if (box.hidden) return;
    box.hidden = true;
    button.hidden = false;
    button.setAttribute('aria-expanded', 'false');
    const state = store.get();
    if (state) store.set({ ...state, open: false });
    (before && before !== document.body && before !== host && before.isConnected ? before : button).focus();
    emit('close');
  }
  function ask() {
    const agree = make('button', { class: 'p', type: 'button', text: AGREE, onclick: () => { store.set({ agreed: new Date().toISOString(), open: true }); start(); } });
    const privacy = /^https?:/.test(attr('privacy')) ? attr('privacy') : base + '/privacy/' + site;
    main.replaceChildren(make('div', { class: 'c' }, make('h3', { text: BEFORE }), make('p', { text: attr('consent', CONSENT) }),
      make('div', { class: 'r' }, agree, make('button', { type: 'button', text: LATER, onclick: close })),
      make('a', { href: privacy, target: '_blank', rel: 'noopener noreferrer', text: STORED })));
    agree.focus();
  }
  async function start(quiet) {
    main.replaceChildren(make('p', { class: 'c', role: 'status', text: LOADING }));
    if (!quiet) box.focus();
    try {
      await load();
      live = await shared.panel({ base, site, wanted, root, box, main, heading, tools, store, claim, make, emit, close, restart, fixed: attr('title') });
      claim = '';
      live.shown(quiet);
    } catch (problem) {
      main.replaceChildren(make('p', { class: 'c', role: 'alert', text: (problem && problem.shown) || FAILED }),
        make('div', { class: 'c' }, make('button', { type: 'button', text: AGREE, onclick: () => start() })));
    }
  }
  function restart() { live = null; tools.replaceChildren(); ask(); }
  function load() {
    if (shared.panel) return Promise.resolve();
    return shared.loading ||= new Promise((done, failed) => {
      const url = base + '%PANEL%';
      const script = document.createElement('script');
      const later = () => (shared.panel ? done() : failed());
      try {
        const policy = window.trustedTypes && window.trustedTypes.createPolicy('cluster-advisor', { createScriptURL: (given) => { if (given !== url) throw new TypeError(); return given; } });
        script.src = policy ? policy.createScriptURL(url) : url;
      } catch { // the page allows no policy of ours: modules need none
        import(url).then(later, failed);
        return;
      }
      script.crossOrigin = 'anonymous';
      if (!'%INTEGRITY%'.startsWith('%')) script.integrity = '%INTEGRITY%';
      script.onload = later;
      script.onerror = failed;
      document.head.append(script);
    }).catch((problem) => { shared.loading = null; throw problem; });
  }

  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { event.stopPropagation(); close(); }
  });
  // Another tab deleted the conversation, or went on with one.
  window.addEventListener('storage', (event) => {
    if (!live || (event.key !== key && event.key !== null)) return;
    if (event.newValue) live.changed(); else { store.memory = null; restart(); }
  });
  shared.widgets.set(site, { open, close });
  const openOn = attr('open-on');
  if (openOn && openOn !== 'load') {
    document.addEventListener('click', (event) => {
      try { if (event.target instanceof Element && event.target.closest(openOn)) { event.preventDefault(); open(); } } catch { /* no selector */ }
    });
  }
  const place = () => { if (!host.isConnected) document.documentElement.append(host); };
  const begin = () => {
    place();
    new MutationObserver(place).observe(document.documentElement, { childList: true });
    const code = /^#advisor=([\w-]{16,64})$/.exec(location.hash);
    if (code) { claim = code[1]; history.replaceState(history.state, '', location.pathname + location.search); open(); return; }
    const state = store.get();
    if (openOn === 'load') open(true);
    else if (state && state.agreed && state.open) open(true);
  };
  if (document.body) begin(); else document.addEventListener('DOMContentLoaded', begin);
})();
