import "./static/css/app.css";
