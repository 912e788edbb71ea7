// What a phone keeps for when the network is gone, and how it is sent later. Used by pages and by the worker (sw.js),
// so it is a plain script that leaves one object: `ruguiOffline`.
//
// Everything is in IndexedDB, sealed with AES-GCM under two keys that no script can read out: one for today's cards, one
// for lines that wait to be sent. Forgetting begins with the key. docs/security.md says what this protects from.
(() => {
  const DATABASE = "rugui-offline";
  const STORES = { keys: "name", sealed: "name", lines: "sequence", facts: "name" };
  const HOUR = 3600_000;
  const LINES_FOR = 7 * 24 * HOUR; // what could not be sent for so long is forgotten too
  const BATCH = 20;
  const patience = () => AbortSignal.timeout(15_000); // a house that does not answer is as far away as none
  const channel = new BroadcastChannel("rugui-offline");
  let opening = null;

  const asked = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  function database() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        for (const [name, keyPath] of Object.entries(STORES)) request.result.createObjectStore(name, { keyPath });
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        request.result.onversionchange = () => request.result.close();
        request.result.onclose = () => (opening = null);
        resolve(request.result);
      };
    });
    return opening;
  }

  // One transaction; `work` gets its stores and must await nothing but what it asks of them.
  async function within(names, mode, work) {
    const transaction = (await database()).transaction(names, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
    const result = await work(...names.map((name) => transaction.objectStore(name)));
    await done;
    return result;
  }

  const get = (store, key) => within([store], "readonly", (rows) => asked(rows.get(key)));
  const put = (store, row) => within([store], "readwrite", (rows) => asked(rows.put(row)));

  async function keyOf(name) {
    const known = await get("keys", name);
    if (known) return known.key;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return within(["keys"], "readwrite", async (keys) => {
      const other = await asked(keys.get(name)); // another tab may have been first
      if (!other) await asked(keys.put({ name, key: made }));
      return other ? other.key : made;
    });
  }

  async function seal(name, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const text = new TextEncoder().encode(JSON.stringify(value));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(name), text) };
  }

  async function unseal(name, row) {
    const known = row && (await get("keys", name));
    if (!known) return null;
    try {
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, known.key, row.data);
      return JSON.parse(new TextDecoder().decode(text));
    } catch {
      return null; // sealed under a key that has been forgotten meanwhile
    }
  }

  const facts = () => get("facts", "contact"); // when the house last answered, for whom; nobody's name

  async function forgetCards() {
    await within(["keys", "sealed", "facts"], "readwrite", (keys, sealed, known) =>
      Promise.all([asked(keys.delete("cards")), asked(sealed.clear()), asked(known.delete("contact"))]),
    );
    tell("forgotten");
  }

  async function forgetEverything() {
    await within(Object.keys(STORES), "readwrite", (...stores) => Promise.all(stores.map((store) => asked(store.clear()))));
    tell("forgotten");
  }

  // A clock that was put back does not make cards young again.
  const isOver = (known) => !known || Date.now() > known.until || Date.now() < known.at - HOUR;

  // Today's arrivals and cards, or null when there are none or their time is over.
  async function day() {
    const known = await facts();
    if (!known) return null;
    if (isOver(known)) {
      await forgetCards();
      return null;
    }
    const found = await unseal("cards", await get("sealed", "day"));
    return found && { ...found, at: known.at, language: known.language };
  }

  function tell(what) {
    channel.postMessage(what);
    if (typeof document !== "undefined") document.dispatchEvent(new CustomEvent("offline:changed", { detail: what }));
  }

  // Asks the house for today. Answers its facts; null when nobody is signed in here any more. Throws without a network.
  async function contact() {
    const known = await facts();
    const address = `/offline/day${known && !isOver(known) ? `?known=${encodeURIComponent(known.digest)}` : ""}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store", signal: patience() });
    if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
      await forgetCards();
      return null;
    }
    if (!answer.ok) throw new Error("later");
    const told = await answer.json();
    if (known && known.who !== told.who) await forgetCards(); // somebody else works with this phone now
    const at = Date.now();
    if (told.day) await put("sealed", { name: "day", ...(await seal("cards", told.day)) });
    const { who, digest, language, seconds } = told;
    await put("facts", { name: "contact", who, digest, language, seconds, at, until: at + told.hours * HOUR, ahead: told.now - at });
    if (told.day) tell("day");
    return told;
  }

  // Puts a line into the queue. Its moment is the house's, and later than that of the line before.
  async function add({ text, customer = "", called = "", place = "", key = crypto.randomUUID(), ...rest }) {
    const known = await facts();
    if (!known) throw new Error("nobody is signed in");
    const turn = await within(["facts"], "readwrite", async (rows) => {
      const last = (await asked(rows.get("phone"))) ?? { name: "phone", phone: crypto.randomUUID(), sequence: 0, said_at: 0 };
      const said_at = Math.max(Math.round(Date.now() + (known.ahead ?? 0)), last.said_at + 1);
      const next = { ...last, sequence: last.sequence + 1, said_at };
      await asked(rows.put(next));
      return next;
    });
    const state = customer ? "waiting" : "whom";
    const { phone, sequence, said_at } = turn;
    await keep({ key, phone, sequence, said_at, who: known.who, text, customer, called, place, state, ...rest });
    tell("lines");
    return key;
  }

  async function keep(line) {
    await put("lines", { sequence: line.sequence, at: line.said_at, ...(await seal("lines", line)) });
  }

  // The lines of whoever works with this phone, in order; those of somebody else stay sealed.
  async function lines() {
    const known = await facts();
    const rows = await within(["lines"], "readonly", (store) => asked(store.getAll()));
    const found = [];
    for (const row of rows) {
      const line = row.at > Date.now() - LINES_FOR ? await unseal("lines", row) : null;
      if (!line) await drop(row.sequence);
      else if (known && line.who === known.who) found.push(line);
    }
    return found;
  }

  const waits = async () => (await lines()).some((line) => line.state === "waiting");

  async function drop(sequence) {
    await within(["lines"], "readwrite", (store) => asked(store.delete(sequence)));
    tell("lines");
  }

  // Somebody decided something about a line: whom it is about, and it waits again; or a part of what was asked.
  async function decide(line, changes) {
    await keep({ ...line, state: "waiting", answer: null, ...changes });
    tell("lines");
  }

  async function post(batch, token) {
    const sent = batch.map(({ key, phone, sequence, said_at, text, customer, place, part, given_by }) => ({
      key, phone, sequence, said_at, text, customer, place, part, given_by,
    }));
    const answer = await fetch("/offline/lines", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
      body: JSON.stringify({ lines: sent }),
      redirect: "manual",
      signal: patience(),
    });
    if (!answer.ok) throw Object.assign(new Error("later"), { refused: answer.status < 500 });
    return (await answer.json()).lines;
  }

  async function settle(line, answer) {
    if (answer.outcome === "kept") {
      await within(["lines"], "readwrite", (store) => asked(store.delete(line.sequence)));
      const before = (await unseal("cards", await get("sealed", "done"))) ?? [];
      const done = [{ text: line.text, ...answer }, ...before].slice(0, 20);
      await put("sealed", { name: "done", ...(await seal("cards", done)) });
    } else await keep({ ...line, state: answer.outcome, answer });
  }

  // Sends what waits, oldest first, one tab at a time. True when nothing waits any more. `met`: what the house has just said.
  async function send(met) {
    const work = async () => {
      if (!(await waits())) return true;
      const told = met ?? (await contact());
      if (!told) return false;
      for (;;) {
        const batch = (await lines()).filter((line) => line.state === "waiting").slice(0, BATCH);
        if (!batch.length) return true;
        const answers = await post(batch, told.token);
        for (const [index, line] of batch.entries()) await settle(line, answers[index]);
        tell("lines");
      }
    };
    return navigator.locks ? navigator.locks.request("rugui-lines", work) : work();
  }

  const done = async () => (await unseal("cards", await get("sealed", "done"))) ?? [];

  self.ruguiOffline = {
    able: Boolean(self.isSecureContext && self.indexedDB && self.crypto?.subtle),
    channel, facts, day, contact, add, lines, waits, drop, decide, send, done, forgetCards, forgetEverything,
  };
})();
