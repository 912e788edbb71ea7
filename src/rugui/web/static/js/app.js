// What every page of the house loads. Each part stands alone and does nothing where its elements are missing.
import "./appearance.js";
import "./capture.js";
import "./dialogs.js";
import "./keyboard.js";
import "./offline.js";
import "./palette.js";
import "./renew.js";
import "./ring.js";
import "./toast.js";
