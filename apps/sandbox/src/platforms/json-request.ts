import express, { type Request, type RequestHandler } from 'express';
import type { Json } from '../json.ts';

/** Reads every body as text, whatever its type is said to be, so that a stand-in itself can say what is wrong with it. */
export const readText = (limit: string): RequestHandler => express.text({ type: () => true, limit });

/** The body as JSON; undefined when it is none. */
export function jsonBody(request: Request): Json | undefined {
  if (typeof request.body !== 'string' || request.body === '') return undefined;
  try {
    return JSON.parse(request.body) as Json;
  } catch {
    return undefined;
  }
}

/** User name and password of basic authentication; undefined when there is none. */
export function basicCredentials(request: Request): { user: string; password: string } | undefined {
  const [scheme, encoded] = (request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** A parameter of the query, when it is there once. */
export const queryText = (request: Request, name: string): string | undefined => {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
