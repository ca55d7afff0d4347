import { checkDocument, formatDocument, type Issue, locateIssues, parseDocument } from '@idsync/engine/dataflow';
import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { lookup } from '../../document/catalogue.ts';
import { completeLayout } from '../../document/drawing/auto-layout.ts';
import { documentStore, useDocument } from '../../document/store.ts';
import { CodeEditor, type Mark } from '../../ui/code-editor/code-editor.tsx';
import classes from './source-view.module.css';
import { useStudio } from './studio-context.ts';

const markOf = ({ message, remedy, severity, offset, length }: Issue): Mark => ({
  message: `${message} ${remedy}`,
  severity,
  offset,
  length,
});

/**
 * The flow as JSON. Text that is a dataflow is taken over as it is typed; text that is not yet one stays here, marked,
 * while the flow keeps its last good state, and is here again after a look at the canvas. A change from elsewhere (undo) is written into the text unless it is unfinished.
 */
export function SourceView() {
  const document = useDocument((open) => open.history.state.document);
  const { unfinishedSource, setUnfinishedSource } = useStudio();
  const [text, setText] = useState(() => unfinishedSource ?? formatDocument(document));
  const shown = useRef(document);

  useEffect(() => {
    if (shown.current === document) return;
    shown.current = document;
    if (unfinishedSource === undefined) setText(formatDocument(document));
  }, [document, unfinishedSource]);

  const parsed = useMemo(() => parseDocument(text), [text]);
  const issues = useMemo(
    () => [...parsed.issues, ...locateIssues(text, parsed.document ? checkDocument(parsed.document, lookup) : [])],
    [parsed, text],
  );
  const marks = useMemo(() => issues.map(markOf), [issues]);

  const change = useCallback(
    (next: string) => {
      setText(next);
      const read = parseDocument(next).document;
      setUnfinishedSource(read ? undefined : next);
      const { history, push } = documentStore.getState();
      if (!read || JSON.stringify(read) === JSON.stringify(history.state.document)) return;
      shown.current = read;
      push(
        { type: 'replace', state: completeLayout({ document: read, layout: history.state.layout }) },
        { title: 'Edit source', gesture: 'source' },
      );
    },
    [setUnfinishedSource],
  );

  const discard = () => {
    setUnfinishedSource(undefined);
    setText(formatDocument(document));
  };

  useEffect(() => () => documentStore.getState().endGesture(), []);

  return (
    <section className={classes.source} aria-label="Source" data-testid="source">
      <div className={classes.editor}>
        <CodeEditor label="Source of the dataflow" language="json" path="dataflow.json" value={text} marks={marks} onChange={change} />
      </div>
      <div className={classes.status} data-broken={parsed.document === undefined || undefined}>
        <span role="status">
          {parsed.document === undefined
            ? `${parsed.issues[0]?.message ?? 'This is not a dataflow.'} The canvas keeps the last good state until this is mended.`
            : 'The canvas follows what you type here.'}
        </span>
        {parsed.document === undefined && (
          <Button size="compact-xs" variant="default" onClick={discard}>
            Discard this text
          </Button>
        )}
      </div>
    </section>
  );
}
