/** What a demo upstream says to one request. */
export interface DemoAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  readonly location?: string;
}

export function json(value: unknown, status = 200): DemoAnswer {
  return { status, contentType: 'application/json', body: Buffer.from(JSON.stringify(value)) };
}

/** As web frameworks answer outside of their API. */
export function htmlNotFound(): DemoAnswer {
  const body =
    '<!DOCTYPE html>\n<html lang="de"><head><title>404</title></head><body><h1>Not Found</h1></body></html>\n';
  return { status: 404, contentType: 'text/html; charset=utf-8', body: Buffer.from(body) };
}
