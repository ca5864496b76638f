namespace DasAudit.Evidence.Policies;

/// <summary>A place in a text file.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in characters.</param>
internal readonly record struct FilePosition(int Line, int Column);
