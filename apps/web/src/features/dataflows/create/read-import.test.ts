import { describe, expect, it } from 'vitest';
import type { TemplateGroup } from '../../../lib/api.ts';
import { findIntegrations } from './find-integrations.ts';
import { readImport } from './read-import.ts';

describe('reading an imported text', () => {
  it('takes comments and trailing commas and shows the outline', () => {
    const { document, outline } = readImport(
      '{ // mine\n "name": "A", "steps": [ {"id": "a", "type": "file.format.json", "next": ["b"],}, {"id": "b", "type": "file.compress.gzip"} ] }',
    );
    expect(document?.name).toBe('A');
    expect(outline).toBe('a > b');
  });
  it('names the line of a step that has a problem', () => {
    const text = '{\n  "steps": [\n    { "id": "a",\n      "type": "no.such.component" }\n  ]\n}';
    const { findings, errors } = readImport(text);
    expect(errors).toBeGreaterThan(0);
    expect(findings.find((finding) => finding.code === 'unknown-component')).toMatchObject({ step: 'a', line: 3 });
  });
  it('names the line where JSON breaks off', () => {
    const { document, findings } = readImport('{\n  "steps": [\n    { "id": \n');
    expect(findings[0]?.line).toBeGreaterThanOrEqual(3);
    expect(findings[0]?.severity).toBe('error');
    expect(document?.steps ?? []).toEqual([]);
  });
  it('finds no dataflow in other JSON', () => {
    expect(readImport('[1, 2]').document).toBeUndefined();
    expect(readImport('[1, 2]').errors).toBeGreaterThan(0);
  });
});

describe('searching integrations', () => {
  const group = (title: string, outline: string): TemplateGroup => ({
    ...{ integration: title.toLowerCase(), title, icon: 'cloud' },
    templates: [{ id: title, direction: 'outbound', title: `Accounts to ${title}`, outline, document: { steps: [] } }],
  });
  const groups = [group('SFTP', 'account > dsv > sftp'), group('Mailchimp', 'account > mailchimp')];
  const titles = (text: string) => findIntegrations(groups, text).map(({ title }) => title);

  it('looks into names, templates and steps', () => {
    expect(titles('')).toEqual(['SFTP', 'Mailchimp']);
    expect(titles('mail')).toEqual(['Mailchimp']);
    expect(titles('DSV accounts')).toEqual(['SFTP']);
    expect(titles('nothing')).toEqual([]);
  });
});
