/** Fields that every record has a place for; their names mean nothing else. */
export const BUILT_IN_FIELDS = ['message', 'level', 'source', 'event_id', 'timestamp'] as const;

export type BuiltInField = (typeof BUILT_IN_FIELDS)[number];

/** Short names for what people look for first, and the tags that they stand for. */
export const TAG_ALIASES: Readonly<Record<string, string>> = {
  cluster: 'aws_ecs_cluster_name',
  container: 'container_name',
  task: 'task_id',
  stream: 'log_stream',
};

/** Tags that records of ECS have; to be offered before anything is stored. */
export const USUAL_TAGS: readonly string[] = ['service', ...Object.keys(TAG_ALIASES), 'log_group', 'host'];

/** The name as a query holds it: built-in fields in lower case, everything else as it was written. */
export function canonicalField(name: string): string {
  const lower = name.toLowerCase();
  return isBuiltIn(lower) ? lower : name;
}

export function isBuiltIn(name: string): name is BuiltInField {
  return (BUILT_IN_FIELDS as readonly string[]).includes(name);
}

/** The key of the tag that a field means, where a record has that tag. */
export function tagKey(field: string): string {
  return Object.hasOwn(TAG_ALIASES, field) ? (TAG_ALIASES[field] ?? field) : field;
}

/** `pool.size` is looked for as a key of that name, and as `size` within `pool`. */
export function jsonPaths(field: string): readonly (readonly string[])[] {
  const nested = field.split('.');
  return nested.length > 1 && nested.every((key) => key !== '') ? [[field], nested] : [[field]];
}
