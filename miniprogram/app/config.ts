/** Where the portal stands: https, without a slash at the end. The county enters its own here. */
export const SERVER = "https://zhenghe.example.gov.cn";
