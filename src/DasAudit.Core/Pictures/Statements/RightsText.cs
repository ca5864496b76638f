namespace DasAudit.Core.Pictures.Statements;

/// <summary>A text in a picture file on whose the picture is, or how it may be used.</summary>
/// <param name="Place">The field, such as <c>XMP dc:rights</c>.</param>
/// <param name="Text">As it stands there.</param>
internal sealed record RightsText(RightsTextKind Kind, string Place, string Text);
