/** What a person should do about a reason for which a destination does not take records. */
const FIXES: Readonly<Record<string, string>> = {
  refused:
    'Check the address and that the destination runs. A DataKit listens on localhost:9529 unless told otherwise: from another machine or container set its `listen` to 0.0.0.0:9529.',
  dns: 'Check the host name in the address, and that this machine can resolve it.',
  unreachable: 'Check routes and firewalls between this machine and the destination.',
  connect_timeout: 'Check firewalls and security groups: connection attempts get no answer.',
  tls: 'Check http or https in the address, and the certificate of the destination.',
  reset:
    'The connection was cut. Check proxies and load balancers in between, and the log of the destination.',
  timeout:
    'The destination is too slow. Look at its load; a longer `timeout` or a smaller `max_batch_bytes` may help.',
  bad_reply: 'Something that speaks no proper HTTP answers. Check the port in the address.',
  not_datakit:
    'Something else than a DataKit answers. Check host and port of `url`, and for a proxy in between.',
  not_dataway:
    'Something else than a Dataway answers. Check `url`, and for a proxy or a login page in between.',
  no_receipt:
    'A 200 came without the mark of a DataKit: it failed inside, or a proxy answered. Look at the log of the DataKit.',
  denied: 'Allow this client at the destination, or correct its token.',
  rate_limited: 'Raise the rate limit of the destination, or send larger batches.',
  busy: 'The destination cannot take more now. Nothing is lost; look at its load if it lasts.',
  wrong_path: 'Check `url`: the server has no such path.',
  internal: 'A defect of Logferry; please report it with the log.',
  spool_read: 'Check disk space and permissions of the data folder.',
  spool_acknowledge: 'Check disk space and permissions of the data folder.',
};

export function fixFor(reason: string): string {
  if (Object.hasOwn(FIXES, reason)) return FIXES[reason] as string;
  if (reason.startsWith('http_5')) return 'The destination has an error of its own: look at its log.';
  return 'Look at the log of the destination; `logferry check` shows more.';
}
