namespace DasAudit.Architecture.Tests.Rooms;

/// <summary>An assembly as the list has it: its rooms from the top, and the assemblies that it may know.</summary>
internal sealed record HouseAssembly(string Root, string File, IReadOnlyList<string> Known, IReadOnlyList<string> Rooms)
{
    internal string Name => Path.GetFileNameWithoutExtension(File);

    /// <summary>The place of a namespace's room in the list; null if the namespace has no room.</summary>
    internal int? RoomOf(string name)
    {
        var rooms = Enumerable.Range(0, Rooms.Count).Where(room => Holds(Rooms[room], name)).ToList();
        return rooms.Count == 0 ? null : rooms.MaxBy(room => Rooms[room].Length);
    }

    private bool Holds(string room, string name)
    {
        if (room is "." or "global")
        {
            return name == (room == "." ? Root : "");
        }

        var holder = $"{Root}.{room}";
        return name == holder || name.StartsWith($"{holder}.", StringComparison.Ordinal);
    }
}
