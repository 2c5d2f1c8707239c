/** What goes back over the wire. */
export interface StandInReply {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** False for a reply without `X-Datakit`, as one that never went through its handlers. */
  readonly isDataKits?: boolean;
}

/** `{"error_code": …, "message": …}`, the form of all of DataKit's refusals. */
export function errorReply(status: number, errorCode: string, message: string): StandInReply {
  return {
    status,
    contentType: 'application/json',
    body: JSON.stringify({ error_code: errorCode, message }),
  };
}

export const emptyOk: StandInReply = { status: 200 };

/** A crash inside DataKit's handler reaches the client as this: 200, nothing taken, no header of DataKit's. */
export const crashedReply: StandInReply = { status: 200, isDataKits: false };

export const notFoundPage: StandInReply = {
  status: 404,
  contentType: 'text/html',
  body: '<!doctype html><html><head><title>DataKit</title></head><body><h1>Welcome</h1></body></html>',
};
