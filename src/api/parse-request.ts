import { z } from 'zod';

/** Reads a query or a body; what is not right is answered with 400 and says where. */
export function parseRequest<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const error = new Error(z.prettifyError(parsed.error)) as Error & { statusCode: number };
  error.statusCode = 400;
  throw error;
}

/** What /openapi.json shows of it. zod alone decides what is valid. */
export function jsonSchema(schema: z.ZodType) {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return rest;
}
