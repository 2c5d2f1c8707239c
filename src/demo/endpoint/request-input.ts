import { ApiError, invalidParameter } from './api-error.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** The parameters of a request, read with the types and bounds of the service's model. Wrong ones throw what the service answers. */
export class RequestInput {
  readonly parameters: Parameters;

  constructor(parameters: Parameters) {
    this.parameters = parameters;
  }

  has(name: string): boolean {
    return this.parameters[name] !== undefined && this.parameters[name] !== null;
  }

  optionalText(name: string): string | undefined {
    if (!this.has(name)) return undefined;
    const value = this.parameters[name];
    if (typeof value !== 'string') throw wrongType(value, 'String');
    return value;
  }

  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined || value === '') throw constraint('null', name, 'Member must not be null');
    return value;
  }

  flag(name: string): boolean {
    const value = this.has(name) ? this.parameters[name] : false;
    if (typeof value !== 'boolean') throw wrongType(value, 'Boolean');
    return value;
  }

  optionalNumber(name: string): number | undefined {
    if (!this.has(name)) return undefined;
    const value = this.parameters[name];
    if (typeof value !== 'number') throw wrongType(value, 'Long');
    return Math.trunc(value);
  }

  /** A page's size: refused below 1 and above `most`. */
  pageSize(name: string, most: number, usual: number): number {
    const value = this.optionalNumber(name) ?? usual;
    if (value < 1) throw constraint(String(value), name, 'Member must have value greater than or equal to 1');
    if (value > most) {
      throw constraint(String(value), name, `Member must have value less than or equal to ${most}`);
    }
    return value;
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((value) => {
      if (typeof value !== 'string') throw wrongType(value, 'String');
      return value;
    });
  }

  list(name: string): readonly unknown[] {
    if (!this.has(name)) return [];
    const value = this.parameters[name];
    if (!Array.isArray(value)) throw wrongType(value, 'List');
    return value as unknown[];
  }
}

export function constraint(value: string, name: string, rule: string): ApiError {
  return invalidParameter(
    `1 validation error detected: Value ${value === 'null' ? value : `'${value}'`} at '${name}' failed to satisfy constraint: ${rule}`,
  );
}

function wrongType(value: unknown, wanted: string): ApiError {
  const found = Array.isArray(value)
    ? 'LIST'
    : typeof value === 'object'
      ? 'STRUCTURE'
      : (typeof value).toUpperCase();
  return new ApiError('SerializationException', `${found}_VALUE can not be converted to a ${wanted}`);
}
