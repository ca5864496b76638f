namespace DasAudit.Cli.Tests.Goldens;

/// <summary>One run of the tool.</summary>
/// <param name="Name">Of its expected files.</param>
/// <param name="CommandLine">Words between single quotes are one argument.</param>
internal sealed record GoldenCase(string Name, string CommandLine);
