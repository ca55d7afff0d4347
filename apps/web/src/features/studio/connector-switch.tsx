import { SegmentedControl } from '@mantine/core';
import { useConnecting } from '../../document/connecting.ts';
import classes from './canvas.module.css';

const sample = (path: 'next' | 'error', label: string) => (
  <span className={classes.connector}>
    <svg width="24" height="8" aria-hidden="true">
      <line x1="1" y1="4" x2="23" y2="4" data-path={path} className={classes.sample} />
    </svg>
    {label}
  </span>
);

/** Which kind of arrow the next drag from a card draws. */
export function ConnectorSwitch() {
  const connectorType = useConnecting((connecting) => connecting.connectorType);
  return (
    <div className={classes.connectorSwitch}>
      <SegmentedControl
        size="xs"
        aria-label="Connector type"
        value={connectorType}
        onChange={(value) => useConnecting.setState({ connectorType: value === 'error' ? 'error' : 'next' })}
        data={[
          { value: 'next', label: sample('next', 'Success path') },
          { value: 'error', label: sample('error', 'Error path') },
        ]}
      />
    </div>
  );
}
