const units: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a Kubernetes quantity stands for (`500m` is 0.5); 0 for what is none: the API has refused that. */
export function quantity(text: string | number): number {
  if (typeof text === "number") return text;
  const parts = /^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)([a-zA-Z]*)$/.exec(text.trim());
  const number = Number(parts?.[1]);
  const unit = units[parts?.[2] ?? ""];
  return Number.isFinite(number) && unit !== undefined ? number * unit : 0;
}
