import { Loader, useComputedColorScheme } from '@mantine/core';
import Editor from '@monaco-editor/react';
import type { editor } from 'monaco-editor/editor';
import { useEffect, useState } from 'react';
import { monaco } from './monaco.ts';
import { widgetLayer } from './widget-layer.ts';

export interface Mark {
  message: string;
  severity: 'error' | 'warning';
  /** Either characters from the start of the text, or a line counted from 1. */
  offset?: number | undefined;
  length?: number | undefined;
  line?: number | undefined;
  column?: number | undefined;
}

export interface CodeEditorProps {
  /** Names the input for screen readers. */
  label: string;
  language: 'javascript' | 'json';
  value: string;
  onChange?(value: string): void;
  /** Findings that are not the language's own. */
  marks?: readonly Mark[] | undefined;
  /** Gives the text a place of its own, so that two editors do not share one. */
  path: string;
  readOnly?: boolean;
  lineNumbers?: boolean;
}

const markOwner = 'idsync';

function place(model: editor.ITextModel, mark: Mark) {
  if (mark.line !== undefined) {
    const line = Math.min(Math.max(1, mark.line), model.getLineCount());
    return { startLineNumber: line, startColumn: mark.column ?? 1, endLineNumber: line, endColumn: model.getLineMaxColumn(line) };
  }
  const start = model.getPositionAt(mark.offset ?? 0);
  const end = model.getPositionAt((mark.offset ?? 0) + Math.max(1, mark.length ?? 1));
  return { startLineNumber: start.lineNumber, startColumn: start.column, endLineNumber: end.lineNumber, endColumn: end.column };
}

/** Monaco, bundled, in the colours and the type of the product. Fills its parent. */
export function CodeEditor({ label, language, value, onChange, marks, path, readOnly = false, lineNumbers = true }: CodeEditorProps) {
  const scheme = useComputedColorScheme('light');
  const [instance, setInstance] = useState<editor.IStandaloneCodeEditor>();
  useEffect(() => {
    const model = instance?.getModel();
    if (!model) return;
    monaco.editor.setModelMarkers(
      model,
      markOwner,
      (marks ?? []).map((mark) => ({
        ...place(model, mark),
        message: mark.message,
        severity: mark.severity === 'error' ? monaco.MarkerSeverity.Error : monaco.MarkerSeverity.Warning,
      })),
    );
  }, [instance, marks]);
  return (
    <Editor
      path={path}
      language={language}
      value={value}
      theme={`ids-${scheme}`}
      loading={<Loader size="sm" aria-label="Opening the editor" />}
      onMount={(mounted) => setInstance(mounted as unknown as editor.IStandaloneCodeEditor)}
      onChange={(next) => onChange?.(next ?? '')}
      options={{
        ariaLabel: label,
        readOnly,
        automaticLayout: true,
        fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
        fontSize: 13,
        lineHeight: 20,
        lineNumbers: lineNumbers ? 'on' : 'off',
        ...(!lineNumbers && { lineDecorationsWidth: 12, folding: false, glyphMargin: false }),
        lineNumbersMinChars: 3,
        minimap: { enabled: false },
        padding: { top: 12, bottom: 12 },
        renderLineHighlight: readOnly ? 'none' : 'line',
        scrollBeyondLastLine: false,
        smoothScrolling: true,
        tabSize: 2,
        fixedOverflowWidgets: true,
        overflowWidgetsDomNode: widgetLayer(),
        stickyScroll: { enabled: false },
        scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false, alwaysConsumeMouseWheel: false },
        overviewRulerLanes: 0,
      }}
    />
  );
}
