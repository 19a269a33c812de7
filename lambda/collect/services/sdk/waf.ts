export { GetWebACLForResourceCommand, WAFV2Client } from '@aws-sdk/client-wafv2';
