import { accounts, chain, person, personFields, remove, rename, updateAccounts } from './chain.ts';
import type { Integration } from './integration.ts';

const subscribed = 'data.subscribed';

export const mailchimp: Integration = {
  integration: 'mailchimp',
  title: 'Mailchimp',
  icon: 'mail',
  templates: [
    {
      id: 'mailchimp-out',
      direction: 'outbound',
      title: 'Keep an audience up to date',
      document: chain('Mailchimp outbound', [
        accounts(`UID, ${personFields}, ${subscribed}`),
        rename({ ...person, [subscribed]: 'subscribed' }),
        remove('profile', 'data'),
        {
          id: 'mailchimp',
          type: 'datasource.write.mailchimp',
          params: { apiUrl: 'https://<dc>.api.mailchimp.com/3.0/', apiKey: '', listId: '', newsletterField: 'subscribed' },
        },
      ]),
    },
    {
      id: 'mailchimp-in',
      direction: 'inbound',
      title: 'Bring subscriptions back',
      document: chain('Mailchimp inbound', [
        {
          id: 'mailchimp',
          type: 'datasource.read.mailchimp',
          params: { apiUrl: 'https://<dc>.api.mailchimp.com/3.0/', apiKey: '', listId: '' },
        },
        {
          id: 'evaluate',
          type: 'field.evaluate',
          params: { language: 'jexl', fields: [{ field: subscribed, expression: "status eq 'subscribed' ? true : false" }] },
        },
        rename({ email_address: 'profile.email', 'merge_fields.FNAME': 'profile.firstName', 'merge_fields.LNAME': 'profile.lastName' }),
        updateAccounts,
      ]),
    },
  ],
};

export const marketo: Integration = {
  integration: 'marketo',
  title: 'Marketo',
  icon: 'speakerphone',
  templates: [
    {
      id: 'marketo-out',
      direction: 'outbound',
      title: 'Create and update leads',
      document: chain('Marketo outbound', [
        accounts(`UID, ${personFields}`),
        rename({ 'profile.email': 'email', 'profile.firstName': 'firstName', 'profile.lastName': 'lastName' }),
        remove('profile'),
        { id: 'marketo', type: 'datasource.write.marketo', params: { baseUrl: '', clientId: '', clientSecret: '' } },
      ]),
    },
    {
      id: 'marketo-in',
      direction: 'inbound',
      title: 'Update accounts from leads',
      document: chain('Marketo inbound', [
        {
          id: 'marketo',
          type: 'datasource.read.marketo',
          params: { baseUrl: '', clientId: '', clientSecret: '', fields: 'email,firstName,lastName' },
        },
        rename({ email: 'profile.email', firstName: 'profile.firstName', lastName: 'profile.lastName' }),
        updateAccounts,
      ]),
    },
  ],
};

export const salesforce: Integration = {
  integration: 'salesforce',
  title: 'Salesforce',
  icon: 'building',
  templates: [
    {
      id: 'salesforce-out',
      direction: 'outbound',
      title: 'Create and update contacts',
      document: chain('Salesforce outbound', [
        accounts(`UID, ${personFields}`),
        rename({ UID: 'Gigya_UID__c', 'profile.email': 'Email', 'profile.firstName': 'FirstName', 'profile.lastName': 'LastName' }),
        remove('profile'),
        {
          id: 'salesforce',
          type: 'datasource.write.salesforce',
          params: {
            username: '',
            password: '',
            token: '',
            authEndpoint: '',
            objectType: 'contact',
            primaryId: 'Gigya_UID__c',
            lookupId: 'Email',
          },
        },
      ]),
    },
    {
      id: 'marketing-cloud-out',
      direction: 'outbound',
      title: 'Marketing Cloud: fill a data extension',
      document: chain('Salesforce Marketing Cloud outbound', [
        accounts(`UID, ${personFields}`),
        rename({ UID: 'GUID', ...person }),
        remove('profile'),
        {
          id: 'exacttarget',
          type: 'datasource.write.exacttarget',
          params: { clientId: '', clientSecret: '', dataExtension: '', primaryKeys: 'GUID,EMAIL' },
        },
      ]),
    },
  ],
};
