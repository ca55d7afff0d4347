import { Skeleton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../../../lib/trpc.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import classes from './create.module.css';
import { findIntegrations } from './find-integrations.ts';
import { IntegrationCard } from './integration-card.tsx';
import { NameForm } from './name-form.tsx';
import { TemplateChoice } from './template-choice.tsx';

interface FromTemplateProps {
  chosen: { integration: string; template: string };
  onChoose(change: { integration?: string; template?: string }): void;
}

/** Three choices, each shown when the one before it is made: integration, template, name. */
export function FromTemplate({ chosen, onChoose }: FromTemplateProps) {
  const trpc = useTRPC();
  const templates = useQuery(trpc.dataflows.templates.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const [text, setText] = useState('');
  if (templates.error)
    return <ErrorPanel title="The templates could not be fetched" error={templates.error} onRetry={() => templates.refetch()} />;
  const groups = templates.data;
  const group = groups?.find((each) => each.integration === chosen.integration);
  const template = group?.templates.find((each) => each.id === chosen.template) ?? group?.templates[0];
  const found = groups && findIntegrations(groups, text);
  return (
    <>
      <section className={classes.section} aria-labelledby="choose-integration">
        <div className={classes.sectionHead}>
          <h2 id="choose-integration">Which system takes part, besides Gigya?</h2>
          <TextInput
            type="search"
            aria-label="Search integrations"
            placeholder="Search integrations"
            leftSection={<IconSearch size={16} />}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            className={classes.search}
          />
        </div>
        <div className={classes.cards} role="radiogroup" aria-labelledby="choose-integration">
          {found?.map((each) => (
            <IntegrationCard
              key={each.integration}
              group={each}
              checked={each.integration === group?.integration}
              onChoose={() => onChoose({ integration: each.integration, template: '' })}
            />
          ))}
          {!found && ['first', 'second', 'third', 'fourth'].map((key) => <Skeleton key={key} height={64} />)}
        </div>
        {found?.length === 0 && (
          <p className={classes.nothing}>
            No integration has that name. Any flow can be adapted: take the closest one and change its steps.
          </p>
        )}
      </section>
      {group && (
        <section className={classes.section} aria-labelledby="choose-template">
          <h2 id="choose-template">In which direction, and in what form?</h2>
          <div className={classes.templates} role="radiogroup" aria-labelledby="choose-template">
            {group.templates.map((each) => (
              <TemplateChoice
                key={each.id}
                template={each}
                checked={each.id === template?.id}
                onChoose={() => onChoose({ template: each.id })}
              />
            ))}
          </div>
        </section>
      )}
      {template && <NameForm key={template.id} template={template} />}
    </>
  );
}
