import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What Logferry itself needs of a profile of the shared AWS configuration; credentials are the SDK's business. */
export interface SharedProfile {
  readonly region?: string;
  /** `endpoint_url` of the profile. */
  readonly endpointUrl?: string;
  /** `endpoint_url` by service id (`cloudwatch_logs`, `ecs`, `sts`), from the `services` section it names. */
  readonly serviceEndpointUrls: Readonly<Record<string, string>>;
}

export interface SharedFiles {
  readonly configFile: string;
  readonly credentialsFile: string;
}

export function sharedFiles(env: NodeJS.ProcessEnv): SharedFiles {
  const folder = join(env.HOME ?? env.USERPROFILE ?? homedir(), '.aws');
  return {
    configFile: env.AWS_CONFIG_FILE ?? join(folder, 'config'),
    credentialsFile: env.AWS_SHARED_CREDENTIALS_FILE ?? join(folder, 'credentials'),
  };
}

/** Reads a profile; files that are missing or unreadable count as empty, as they do for every AWS tool. */
export function readSharedProfile(name: string, files: SharedFiles): SharedProfile {
  const config = parseSections(readOrEmpty(files.configFile));
  const credentials = parseSections(readOrEmpty(files.credentialsFile));
  const profile = {
    ...config.get(name === 'default' && config.has('default') ? 'default' : `profile ${name}`),
    // The credentials file names its sections without `profile`, and outranks the configuration file.
    ...credentials.get(name),
  };
  const serviceEndpointUrls: Record<string, string> = {};
  const services = profile.services === undefined ? {} : config.get(`services ${profile.services}`);
  for (const [key, value] of Object.entries(services ?? {})) {
    if (key.endsWith('.endpoint_url')) serviceEndpointUrls[key.slice(0, -'.endpoint_url'.length)] = value;
  }
  return {
    ...(profile.region === undefined ? {} : { region: profile.region }),
    ...(profile.endpoint_url === undefined ? {} : { endpointUrl: profile.endpoint_url }),
    serviceEndpointUrls,
  };
}

/**
 * The INI dialect of the AWS tools: `[section]`, `key = value`, comments with # or ;, and below a key without a value
 * indented `key = value` lines, which become `outer.inner`. Names of sections have their spaces and quotes reduced.
 */
export function parseSections(text: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  let outer = '';
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    if (header !== undefined) {
      const name = header.trim().replaceAll(/\s+/g, ' ').replaceAll(/["']/g, '');
      section = sections.get(name) ?? {};
      sections.set(name, section);
      outer = '';
      continue;
    }
    const pair = /^(\s*)([^\s=#;][^=]*?)\s*=\s*(.*)$/.exec(line);
    if (pair === null || section === undefined) continue;
    const [, indent = '', key = '', rest = ''] = pair;
    const value = rest.replace(/\s[#;].*$/, '').trim();
    if (indent !== '' && outer !== '') section[`${outer}.${key}`] = value;
    else {
      outer = value === '' ? key : '';
      if (value !== '') section[key] = value;
    }
  }
  return sections;
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
