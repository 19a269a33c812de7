import type { LogKind } from '../incident/evidence.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** In the order of the load balancer's own files; later releases append. Vended logs name them so, too. */
export const LOG_COLUMNS: Readonly<Record<LogKind, readonly string[]>> = {
  access: words(`
    type time elb client_port target_port request_processing_time target_processing_time response_processing_time
    elb_status_code target_status_code received_bytes sent_bytes request_line user_agent ssl_cipher ssl_protocol
    target_group_arn trace_id domain_name chosen_cert_arn matched_rule_priority request_creation_time actions_executed
    redirect_url error_reason target_port_list target_status_code_list classification classification_reason
    conn_trace_id transformed_host transformed_uri request_transform_status ip_address target_error_code elb_error_code
  `),
  connection: words(`
    timestamp client_ip client_port listener_port tls_protocol tls_cipher tls_handshake_latency leaf_client_cert_subject
    leaf_client_cert_validity leaf_client_cert_serial_number tls_verify_status conn_trace_id tls_keyexchange elb
    ip_address
  `),
  healthCheck: words('type time latency target_addr target_group_id status status_code reason_code elb ip_address'),
};

/** `client:port`, as the documentation of the files says, or quoted. */
export function columnNamed(name: string): string {
  return name.replace(/["']/g, '').replace(':', '_').toLowerCase();
}
