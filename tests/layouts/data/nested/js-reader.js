document.getElementById("reader").hidden = false;
