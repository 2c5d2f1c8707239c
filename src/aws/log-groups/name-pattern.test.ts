import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listingPrefixes } from './listing-prefixes.ts';
import { parseNamePattern, parseNamePatterns } from './name-pattern.ts';

const matches = (pattern: string, name: string) => parseNamePattern(pattern).matches(name);

describe('a name pattern', () => {
  test('without a star matches that name alone, dots and slashes being letters', () => {
    expect(matches('/ecs/a.b', '/ecs/a.b')).toBe(true);
    expect(matches('/ecs/a.b', '/ecs/axb')).toBe(false);
    expect(parseNamePattern('/ecs/').kind).toBe('exact');
  });
  test('with stars matches any text between the parts, nothing included', () => {
    expect(matches('/ecs/*-api*', '/ecs/x/y-api')).toBe(true);
    expect(matches('a*a', 'a')).toBe(false);
    expect(matches('a*b*b', 'axb')).toBe(false);
    expect(matches('*', '')).toBe(true);
  });
  test('between slashes is a regular expression, and a broken one is a configuration error', () => {
    expect(matches('/^api-\\d+$/', 'api-12')).toBe(true);
    expect(matches('/^api-\\d+$/', 'api-x')).toBe(false);
    expect(() => parseNamePattern('/a(/')).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
  });
  test('with stars agrees with the regular expression it stands for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 8 });
    const glob = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 3 }), {
      minLength: 2,
      maxLength: 4,
    });
    fc.assert(
      fc.property(glob, text, (parts, name) => {
        const regex = new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('.*')}$`, 's');
        expect(matches(parts.join('*'), name)).toBe(regex.test(name));
      }),
    );
  });
});

describe('the prefixes to list', () => {
  const prefixes = (...texts: string[]) => listingPrefixes(parseNamePatterns(texts));
  test('leave out what another one covers', () => {
    expect(prefixes('/ecs/api', '/ecs/api-2', '/ecs/*', '/aws/x')).toEqual(['/aws/x', '/ecs/']);
    expect(prefixes('*', '/ecs/a')).toEqual(['']);
  });
  test('of very many names are their folders', () => {
    const names = Array.from({ length: 60 }, (_, index) => `/ecs/svc-${index}-`);
    expect(prefixes(...names, 'lonely')).toEqual(['/ecs/', 'lonely']);
  });
});
