import { z } from 'zod';
import { errorCodes } from './api-error.ts';
import { idxMethods } from './methods/index.ts';
import type { IdxMethod } from './methods/method.ts';

const common = z.object({
  apiKey: z.string().describe('The site.'),
  userKey: z.string().optional().describe('The key of the calling program.'),
  secret: z.string().optional().describe('Its secret, over HTTPS only.'),
  timestamp: z.string().optional().describe('Of a signed call: seconds since 1970.'),
  nonce: z.string().optional().describe('Of a signed call: another one each time.'),
  sig: z.string().optional().describe('Of a signed call: base64 of HMAC-SHA1 over method, address and sorted parameters.'),
  format: z.literal('json').optional(),
  context: z.string().optional().describe('Comes back in the answer.'),
  httpStatusCodes: z.string().optional().describe('`true` sets the HTTP status to statusCode; it is 200 otherwise, faults included.'),
});

const envelope = z.object({
  callId: z.string(),
  errorCode: z
    .number()
    .int()
    .describe(`0, or one of ${errorCodes.join(', ')}.`),
  errorMessage: z.string().optional(),
  errorDetails: z.string().optional(),
  validationErrors: z.array(z.object({ fieldName: z.string(), message: z.string(), errorCode: z.number().int() })).optional(),
  apiVersion: z.literal(2),
  statusCode: z.number().int(),
  statusReason: z.string(),
  time: z.string(),
  context: z.string().optional(),
});

/** The API as an OpenAPI 3.1 document, made from the methods themselves. */
export const openApiDocument = () => ({
  openapi: '3.1.0',
  info: {
    title: 'idx API',
    version: '2',
    description: 'Dataflows, schedules, jobs and searches. Every answer is an envelope; see errorCode.',
  },
  paths: Object.fromEntries(idxMethods.map((method) => [`/${method.name}`, pathOf(method)])),
  components: {
    schemas: { Envelope: schemaOf(envelope, 'output') },
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: 'RS256; kid is the user key, iat in seconds, jti unique.',
      },
    },
  },
});

function pathOf(method: IdxMethod) {
  const params = schemaOf(common.extend(method.params.shape), 'input');
  const form = { schema: params };
  const shared = {
    summary: method.summary,
    description: `Needs a user key with the role ${method.role}.`,
    // Credentials may also stand among the parameters, so none is required here.
    security: [{}, { bearer: [] }],
    responses: { 200: { description: 'The envelope', content: { 'application/json': { schema: answerOf(method) } } } },
  };
  const required = new Set(params.required);
  return {
    post: {
      operationId: method.name,
      ...shared,
      requestBody: { required: true, content: { 'application/x-www-form-urlencoded': form, 'multipart/form-data': form } },
    },
    get: {
      operationId: `${method.name}.get`,
      ...shared,
      parameters: Object.entries(params.properties ?? {}).map(([name, schema]) => ({
        name,
        in: 'query',
        required: required.has(name),
        schema,
      })),
    },
  };
}

/** An answer with a fault has the envelope only. */
const answerOf = (method: IdxMethod) => ({
  allOf: [{ $ref: '#/components/schemas/Envelope' }, { anyOf: [schemaOf(method.answer, 'output'), { required: ['errorMessage'] }] }],
});

function schemaOf(schema: z.ZodObject, io: 'input' | 'output') {
  const { $schema: _, additionalProperties: __, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
