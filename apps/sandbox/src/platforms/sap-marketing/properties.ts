/** A property of an entity of the service: longest text, or a pattern it must have. */
export interface Property {
  key?: true;
  longest?: number;
  pattern?: RegExp;
  boolean?: true;
  /** Must be given on every change. */
  required?: true;
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?(?:Z|[+-]\d\d:?\d\d)?$/;
const yesNo = /^[YN]$/;
const contact = { ContactOrigin: { key: true, longest: 20 }, ContactID: { key: true, longest: 255 } } as const;
const texts = (longest: number, ...names: string[]): Record<string, Property> =>
  Object.fromEntries(names.map((name) => [name, { longest }]));

/** The entities that can be changed, after the metadata of API_MKT_CONTACT_SRV, and one field of the customer's own. */
export const entities: Readonly<Record<string, Readonly<Record<string, Property>>>> = {
  ContactOriginData: {
    ...contact,
    OriginDataLastChgUTCDateTime: { pattern: time, required: true },
    BirthDate: { pattern: /^\d{4}-\d\d-\d\dT00:00:00$/ },
    GenderCode: { pattern: /^[12 ]?$/ },
    IsConsumer: { boolean: true },
    IsContactPerson: { boolean: true },
    IsObsolete: { boolean: true },
    ...texts(
      40,
      'FirstName',
      'LastName',
      'CityName',
      'RegionName',
      'GenderCodeName',
      'DepartmentName',
      'IndustryName',
      'YY1_LoyaltyTier_MPS',
    ),
    ...texts(80, 'FullName'),
    ...texts(60, 'StreetName'),
    ...texts(50, 'CountryName'),
    ...texts(30, 'PhoneNumber', 'MobileNumber', 'FaxNumber', 'FormOfAddressName'),
    ...texts(10, 'AddressHouseNumber', 'ContactPostalCode'),
    ...texts(241, 'EmailAddress'),
    ...texts(3, 'Country', 'AddressRegion'),
    ...texts(2, 'Language', 'ValidationStatus'),
    Latitude: { pattern: /^-?\d+(?:\.\d+)?$/ },
    Longitude: { pattern: /^-?\d+(?:\.\d+)?$/ },
  },
  MarketingPermissions: {
    ...contact,
    ContactPermissionID: { key: true, longest: 255 },
    ContactPermissionOrigin: { key: true, longest: 20 },
    MarketingArea: { key: true, longest: 40 },
    CommunicationMedium: { key: true, longest: 20 },
    PermissionGranted: { pattern: yesNo, required: true },
    PermissionUTCDateTime: { pattern: time, required: true },
    PermissionNoteText: { longest: 1000 },
  },
  MarketingSubscriptions: {
    ...contact,
    ContactSubscriptionID: { key: true, longest: 255 },
    ContactSubscriptionOrigin: { key: true, longest: 20 },
    CommunicationMedium: { key: true, longest: 20 },
    SubscriptionTopic: { key: true, longest: 10 },
    SubscriptionSignUpExists: { pattern: yesNo, required: true },
    SubscriptionUTCDateTime: { pattern: time, required: true },
    SubscriptionNoteText: { longest: 1000 },
  },
};
