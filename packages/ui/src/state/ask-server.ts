/** Asks the server to do something; rejects with its own sentence. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(`api/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-portcullis": "1" },
    body: JSON.stringify(body),
  });
  return read<T>(answer);
}

export async function get<T>(path: string): Promise<T> {
  return read<T>(await fetch(`api/${path}`));
}

/** What is not JSON, as it comes. */
export async function getFile(path: string): Promise<Blob> {
  const answer = await fetch(`api/${path}`);
  return answer.ok ? answer.blob() : read<Blob>(answer);
}

async function read<T>(answer: Response): Promise<T> {
  const value = (await answer.json()) as T & { readonly error?: string };
  if (!answer.ok) throw new Error(value.error ?? `status ${answer.status}`);
  return value;
}
