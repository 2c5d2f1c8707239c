import { LogferryError } from '../../foundation/logferry-error.ts';
import { didYouMean } from '../../foundation/nearest-name.ts';
import type { AwsAccount } from '../aws-account.ts';

const PAGE_LIMIT = 50;

/** What a log group that is not there was probably meant to be: one page of the names about it, asked for once. */
export class SimilarLogGroups {
  readonly #account: AwsAccount;
  readonly #suggested = new Map<string, string>();

  constructor(account: AwsAccount) {
    this.#account = account;
  }

  /** ` Did you mean "/ecs/api"?`, or nothing, also where listing fails: it is only a help. */
  async suggest(name: string, regions: readonly string[], signal: AbortSignal): Promise<string> {
    const known = this.#suggested.get(name);
    if (known !== undefined) return known;
    const lists = await Promise.all(regions.map((region) => this.#around(name, region, signal)));
    const suggestion = didYouMean(name, new Set(lists.flat()));
    this.#suggested.set(name, suggestion);
    return suggestion;
  }

  /** Those in the same "folder"; where there are none, those that come first. */
  async #around(name: string, region: string, signal: AbortSignal): Promise<readonly string[]> {
    const folder = name.slice(0, name.lastIndexOf('/') + 1);
    for (const prefix of new Set([folder, ''])) {
      const names = await this.#list(prefix, region, signal);
      if (names.length > 0) return names;
    }
    return [];
  }

  async #list(prefix: string, region: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      const input = { limit: PAGE_LIMIT, ...(prefix !== '' && { logGroupNamePrefix: prefix }) };
      const { output } = await this.#account.logs(region).describeLogGroups(input, { signal });
      return (output.logGroups ?? []).flatMap(({ logGroupName }) => logGroupName ?? []);
    } catch (thrown) {
      if (!(thrown instanceof LogferryError)) throw thrown;
      return [];
    }
  }
}
