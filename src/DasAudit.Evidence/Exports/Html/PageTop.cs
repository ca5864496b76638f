namespace DasAudit.Evidence.Exports.Html;

/// <summary>What stands above a report on a page that holds more than it.</summary>
/// <param name="WriteHead">Writes what the head needs for it.</param>
/// <param name="Write">Writes it.</param>
internal sealed record PageTop(Action<HtmlWriter> WriteHead, Action<HtmlWriter> Write);
