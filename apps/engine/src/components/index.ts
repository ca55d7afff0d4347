import type { Component } from '#dataflow';
import datasourceLookupGender from './datasource/lookup/gender.ts';
import datasourceLookupGigyaAccount from './datasource/lookup/gigya/account.ts';
import datasourceLookupGigyaGm from './datasource/lookup/gigya/gm.ts';
import datasourceReadAmazonS3 from './datasource/read/amazon/s3.ts';
import datasourceReadAzureBlob from './datasource/read/azure/blob.ts';
import datasourceReadAzureSas from './datasource/read/azure/sas.ts';
import datasourceReadCampaignmonitor from './datasource/read/campaignmonitor.ts';
import datasourceReadConstantcontact from './datasource/read/constantcontact.ts';
import datasourceReadExternalGeneric from './datasource/read/external/generic.ts';
import datasourceReadFtp from './datasource/read/ftp.ts';
import datasourceReadGigyaAccount from './datasource/read/gigya/account.ts';
import datasourceReadGigyaAudit from './datasource/read/gigya/audit.ts';
import datasourceReadGigyaComment from './datasource/read/gigya/comment.ts';
import datasourceReadGigyaDs from './datasource/read/gigya/ds.ts';
import datasourceReadGooglecloud from './datasource/read/googlecloud.ts';
import datasourceReadLocal from './datasource/read/local.ts';
import datasourceReadMailchimp from './datasource/read/mailchimp.ts';
import datasourceReadMarketo from './datasource/read/marketo.ts';
import datasourceReadSftp from './datasource/read/sftp.ts';
import datasourceReadSilverpop from './datasource/read/silverpop.ts';
import datasourceWriteAmazonS3 from './datasource/write/amazon/s3.ts';
import datasourceWriteAzureBlob from './datasource/write/azure/blob.ts';
import datasourceWriteAzureSas from './datasource/write/azure/sas.ts';
import datasourceWriteBluekai from './datasource/write/bluekai.ts';
import datasourceWriteCampaignmonitor from './datasource/write/campaignmonitor.ts';
import datasourceWriteConstantcontact from './datasource/write/constantcontact.ts';
import datasourceWriteExacttarget from './datasource/write/exacttarget.ts';
import datasourceWriteExternalGeneric from './datasource/write/external/generic.ts';
import datasourceWriteFtp from './datasource/write/ftp.ts';
import datasourceWriteGigyaAccount from './datasource/write/gigya/account.ts';
import datasourceWriteGigyaDs from './datasource/write/gigya/ds.ts';
import datasourceWriteGigyaGeneric from './datasource/write/gigya/generic.ts';
import datasourceWriteGigyaImportaccount from './datasource/write/gigya/importaccount.ts';
import datasourceWriteGooglecloud from './datasource/write/googlecloud.ts';
import datasourceWriteHybrismarketing from './datasource/write/hybrismarketing.ts';
import datasourceWriteLocal from './datasource/write/local.ts';
import datasourceWriteMailchimp from './datasource/write/mailchimp.ts';
import datasourceWriteMarketo from './datasource/write/marketo.ts';
import datasourceWriteSalesforce from './datasource/write/salesforce.ts';
import datasourceWriteSftp from './datasource/write/sftp.ts';
import datasourceWriteSilverpop from './datasource/write/silverpop.ts';
import fieldAdd from './field/add.ts';
import fieldArrayExtract from './field/array/extract.ts';
import fieldArrayJoin from './field/array/join.ts';
import fieldAscii from './field/ascii.ts';
import fieldCopy from './field/copy.ts';
import fieldDateFormat from './field/date/format.ts';
import fieldEvaluate from './field/evaluate.ts';
import fieldFlatten from './field/flatten.ts';
import fieldHash from './field/hash.ts';
import fieldMove from './field/move.ts';
import fieldRemove from './field/remove.ts';
import fieldRename from './field/rename.ts';
import fieldReplace from './field/replace.ts';
import fieldSelect from './field/select.ts';
import fileCompressGzip from './file/compress/gzip.ts';
import fileCompressLzo from './file/compress/lzo.ts';
import fileCompressZip from './file/compress/zip.ts';
import fileDecryptPgp from './file/decrypt/pgp.ts';
import fileEmpty from './file/empty.ts';
import fileEncryptPgp from './file/encrypt/pgp.ts';
import fileFormatAam from './file/format/aam.ts';
import fileFormatCount from './file/format/count.ts';
import fileFormatDsv from './file/format/dsv.ts';
import fileFormatJson from './file/format/json.ts';
import fileFormatKrux from './file/format/krux.ts';
import fileFormatMailchimp from './file/format/mailchimp.ts';
import fileFormatSalesforce from './file/format/salesforce.ts';
import fileParseDsv from './file/parse/dsv.ts';
import fileParseJson from './file/parse/json.ts';
import fileUncompressGzip from './file/uncompress/gzip.ts';
import fileUncompressLzo from './file/uncompress/lzo.ts';
import fileUncompressZip from './file/uncompress/zip.ts';
import recordEvaluate from './record/evaluate.ts';
import recordFilter from './record/filter.ts';

/** The component repository: every component of this build, sorted by id. The path of a component's file under this folder is its id. */
export const components: readonly Component[] = [
  datasourceLookupGender,
  datasourceLookupGigyaAccount,
  datasourceLookupGigyaGm,
  datasourceReadAmazonS3,
  datasourceReadAzureBlob,
  datasourceReadAzureSas,
  datasourceReadCampaignmonitor,
  datasourceReadConstantcontact,
  datasourceReadExternalGeneric,
  datasourceReadFtp,
  datasourceReadGigyaAccount,
  datasourceReadGigyaAudit,
  datasourceReadGigyaComment,
  datasourceReadGigyaDs,
  datasourceReadGooglecloud,
  datasourceReadLocal,
  datasourceReadMailchimp,
  datasourceReadMarketo,
  datasourceReadSftp,
  datasourceReadSilverpop,
  datasourceWriteAmazonS3,
  datasourceWriteAzureBlob,
  datasourceWriteAzureSas,
  datasourceWriteBluekai,
  datasourceWriteCampaignmonitor,
  datasourceWriteConstantcontact,
  datasourceWriteExacttarget,
  datasourceWriteExternalGeneric,
  datasourceWriteFtp,
  datasourceWriteGigyaAccount,
  datasourceWriteGigyaDs,
  datasourceWriteGigyaGeneric,
  datasourceWriteGigyaImportaccount,
  datasourceWriteGooglecloud,
  datasourceWriteHybrismarketing,
  datasourceWriteLocal,
  datasourceWriteMailchimp,
  datasourceWriteMarketo,
  datasourceWriteSalesforce,
  datasourceWriteSftp,
  datasourceWriteSilverpop,
  fieldAdd,
  fieldArrayExtract,
  fieldArrayJoin,
  fieldAscii,
  fieldCopy,
  fieldDateFormat,
  fieldEvaluate,
  fieldFlatten,
  fieldHash,
  fieldMove,
  fieldRemove,
  fieldRename,
  fieldReplace,
  fieldSelect,
  fileCompressGzip,
  fileCompressLzo,
  fileCompressZip,
  fileDecryptPgp,
  fileEmpty,
  fileEncryptPgp,
  fileFormatAam,
  fileFormatCount,
  fileFormatDsv,
  fileFormatJson,
  fileFormatKrux,
  fileFormatMailchimp,
  fileFormatSalesforce,
  fileParseDsv,
  fileParseJson,
  fileUncompressGzip,
  fileUncompressLzo,
  fileUncompressZip,
  recordEvaluate,
  recordFilter,
];

const byName = new Map<string, Component>(
  components.flatMap((component) => [component.type, ...(component.aliases ?? [])].map((name) => [name.toLowerCase(), component] as const)),
);

/** The component of a step's `type`: surrounding blanks and letter case do not matter, other spellings of the id are known. */
export const findComponent = (type: string): Component | undefined => byName.get(type.trim().toLowerCase());
