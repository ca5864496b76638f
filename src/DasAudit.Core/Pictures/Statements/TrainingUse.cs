namespace DasAudit.Core.Pictures.Statements;

/// <summary>What an assertion on training and mining says of one use.</summary>
/// <param name="Name">Such as <c>cawg.ai_training</c>.</param>
/// <param name="Use">allowed, notAllowed or constrained.</param>
/// <param name="Constraint">The conditions of a constrained use; null for none.</param>
internal sealed record TrainingUse(string Name, string Use, string? Constraint);
