namespace DasAudit.Core.Tests.Attribution.Methods;

/// <summary>More and fewer features than pictures, with and without decoys, a background and checkpoints.</summary>
internal static class CommonCases
{
    internal static readonly Case[] All =
    [
        new() { Members = 6, Dimension = 9 },
        new()
        {
            Members = 9,
            Dimension = 5,
            Replicates = 2,
            Queries = 2,
        },
        new()
        {
            Members = 6,
            Dimension = 9,
            Decoys = 3,
            Replicates = 4,
        },
        new()
        {
            Members = 9,
            Dimension = 5,
            Decoys = 2,
            Background = 4,
        },
        new()
        {
            Members = 5,
            Dimension = 12,
            Decoys = 2,
            Background = 3,
            Checkpoints = 3,
        },
        new()
        {
            Members = 1,
            Dimension = 8,
            Decoys = 1,
        },
    ];
}
