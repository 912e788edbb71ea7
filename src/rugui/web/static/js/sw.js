// The service worker. The server puts `RUGUI` in front: the version, every file of the program, the addresses.
// Pages of the house are never kept here: only the program's own files, and the empty page that stands in for them.
/* global RUGUI */
importScripts(RUGUI.store);

const CACHE = `rugui-${RUGUI.version}`;
const FILES = new Set(RUGUI.files);
const shell = (language) => `${RUGUI.page}?language=${language}`;
const PATIENCE = 8000; // a page that takes longer is a network that is as good as gone

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll([...RUGUI.files, ...RUGUI.languages.map(shell)].map((url) => new Request(url, { cache: "reload", credentials: "omit" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("rugui-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

async function standIn(request) {
  const known = await ruguiOffline.facts().catch(() => null);
  const wanted = new URL(request.url).searchParams.get("language") ?? known?.language;
  const language = RUGUI.languages.includes(wanted) ? wanted : RUGUI.languages[0];
  return (await caches.match(shell(language), { cacheName: CACHE })) ?? Response.error();
}

async function page(request) {
  const gone = new AbortController();
  const timer = setTimeout(() => gone.abort(), PATIENCE);
  try {
    return await fetch(request, { signal: gone.signal });
  } catch {
    return standIn(request);
  } finally {
    clearTimeout(timer);
  }
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { cacheName: CACHE, ignoreSearch: true })) ?? Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && request.mode === "navigate" && url.pathname === "/accounts/logout/") {
    event.waitUntil(ruguiOffline.forgetEverything());
    return;
  }
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (FILES.has(url.pathname)) event.respondWith(file(request));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "lines") event.waitUntil(ruguiOffline.send());
});
