import { describe, expect, it } from 'vitest';
import { redactor } from './redact.ts';

describe('redaction', () => {
  it('masks a secret wherever it stands, also URL-encoded, in JSON text and as a key', () => {
    const redact = redactor(['p@ss/word"1']);
    expect(redact('login p@ss/word"1 refused')).toBe('login ******** refused');
    expect(redact('https://x/?password=p%40ss%2Fword%221')).toBe('https://x/?password=********');
    expect(redact(JSON.stringify({ password: 'p@ss/word"1' }))).toBe('{"password":"********"}');
    expect(redact({ a: ['p@ss/word"1'], 'p@ss/word"1': 1 })).toEqual({ a: ['********'], '********': 1 });
  });

  it('masks it inside base64, wherever it begins there', () => {
    const redact = redactor(['p@ss/word"1', 'ä+secret key']);
    for (const user of ['', 'a', 'an', 'ann']) {
      const header = Buffer.from(`${user}:p@ss/word"1:x`).toString('base64');
      const shown = redact(`Basic ${header} refused`);
      expect(shown).toContain('********');
      expect(Buffer.from(shown.slice(6, -8).replace('********', ''), 'base64').toString()).not.toContain('ss/wor');
      expect(redact(Buffer.from(`${user}:ä+secret key`).toString('base64url'))).toContain('********');
    }
  });

  it('masks what forms and XML make of it', () => {
    const redact = redactor(["o'neil & co"]);
    expect(redact("password=o%27neil+%26+co <password>o'neil &amp; co</password>")).toBe('password=******** <password>********</password>');
  });

  it('masks the beginning of one where a text was cut off, and no other ending', () => {
    const redact = redactor(['sesame-street', 'other-secret-value']);
    expect(redact('password=sesame-st… and key=other-secr…')).toBe('password=********… and key=********…');
    expect(redact('said: ses…')).toBe('said: ses…');
    expect(redact('wait… for sesame')).toBe('wait… for sesame');
  });

  it('masks lines of a private key that was stored as base64', () => {
    const key = '-----BEGIN KEY-----\nabcdefghijklmnopqrstuvwxyz\n-----END KEY-----';
    expect(redactor([Buffer.from(key).toString('base64')])('line abcdefghijklmnopqrstuvwxyz')).toBe('line ********');
  });

  it('masks the longer of two secrets that begin alike', () => {
    expect(redactor(['secret', 'secret-long'])('secret-long secret')).toBe('******** ********');
  });

  it('masks single lines of a private key', () => {
    const key = '-----BEGIN KEY-----\nabcdefghijklmnopqrstuvwxyz\n-----END KEY-----';
    expect(redactor([key])('line abcdefghijklmnopqrstuvwxyz')).toBe('line ********');
  });

  it('leaves texts alone when there is no secret worth the name', () => {
    expect(redactor(['', 'ab', '********'])('ab ********')).toBe('ab ********');
  });
});
