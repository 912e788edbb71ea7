// Sentences one after the other, as each language writes them: no blank behind a Chinese stop. In Python: core/phrases.py.
export const sentences = (...said) =>
  said.filter(Boolean).reduce((all, next) => `${all}${/[。！？]$/.test(all) ? "" : " "}${next}`, "").trimStart();
