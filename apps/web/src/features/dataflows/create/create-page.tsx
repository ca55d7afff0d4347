import { SegmentedControl } from '@mantine/core';
import { useUrlState } from '../../../lib/url-state.ts';
import { Page } from '../../../ui/page.tsx';
import { FromTemplate } from './from-template.tsx';
import { ImportJson } from './import-json.tsx';

const createDefaults = { from: 'template', integration: '', template: '' };

/** A new flow, from a template or from JSON. What was chosen is in the address, so that it survives a reload. */
export function CreatePage() {
  const [state, setState] = useUrlState(createDefaults);
  return (
    <Page
      title="Create data flow"
      back={{ to: '/', label: 'Back to dataflows' }}
      lead="Begin with a flow that is close to yours; everything in it can be changed in the studio."
      actions={
        <SegmentedControl
          aria-label="Begin with"
          value={state.from}
          onChange={(from) => setState({ from })}
          data={[
            { value: 'template', label: 'A template' },
            { value: 'json', label: 'Import JSON' },
          ]}
        />
      }
    >
      {state.from === 'json' ? <ImportJson /> : <FromTemplate chosen={state} onChoose={setState} />}
    </Page>
  );
}
