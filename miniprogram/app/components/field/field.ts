/** What is asked, why, and what is wrong with the answer, above the control itself. */
Component({
  options: { virtualHost: false },
  properties: { label: String, hint: String, error: String },
});
